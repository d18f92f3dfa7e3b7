/**
 * The keyboard, between the terminal and the prompts: esc, `?` and Ctrl-C end a prompt before it sees them, and what is typed ahead waits
 * for the question that it is meant for.
 */
import type { EventEmitter } from "node:events";
import type { Timer, Timers } from "../../base/index.ts";

export type PromptEnd = "back" | "help" | "interrupted";

/** Standard input of a terminal. */
export interface TerminalInput {
  setRawMode(on: boolean): unknown;
  on(event: "data", listener: (bytes: Uint8Array) => void): unknown;
  off(event: "data", listener: (bytes: Uint8Array) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** An arrow key begins with esc, and may come in two parts over a slow line. */
const escapeMs = 40;
/** More than anybody types ahead. */
const waitingMax = 256;

// biome-ignore lint/suspicious/noControlCharactersInRegex: keys are control characters
const key = /\u001b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])|[\s\S]/gu;

export class Keys {
  private readonly input: TerminalInput;
  private readonly timers: Timers;
  private readonly decoder = new TextDecoder();
  private waiting: string[] = [];
  private escape: Timer | null = null;
  private open: { readonly prompt: EventEmitter; readonly end: (how: PromptEnd) => void } | null = null;
  private interrupted = false;

  constructor(input: TerminalInput, timers: Timers) {
    this.input = input;
    this.timers = timers;
    input.setRawMode(true);
    input.on("data", this.onData);
    input.resume();
  }

  /** Keys go to `prompt`, as the data of a stream, until one of them ends it: enter does too, after it was passed on. */
  feed(prompt: EventEmitter, end: (how: PromptEnd) => void): void {
    this.open = { prompt, end };
    // A prompt listens only once it has been drawn.
    this.timers.soon(() => this.pump());
  }

  /** Ctrl-C, or what is like it. */
  interrupt(): void {
    this.interrupted = true;
    this.pump();
  }

  close(): void {
    this.escape?.cancel();
    this.input.off("data", this.onData);
    this.input.setRawMode(false);
    this.input.pause();
  }

  private readonly onData = (bytes: Uint8Array): void => {
    this.escape?.cancel();
    this.escape = null;
    const before = this.waiting.at(-1) === esc ? (this.waiting.pop() ?? "") : "";
    const pressed: readonly string[] = (before + this.decoder.decode(bytes, { stream: true })).match(key) ?? [];
    this.waiting = [...this.waiting, ...pressed.filter((one) => one !== ctrlZ)].slice(0, waitingMax);
    if (pressed.includes(ctrlC) || pressed.includes(ctrlD)) this.interrupted = true;
    this.pump();
  };

  private pump(): void {
    while (this.open !== null && (this.waiting.length > 0 || this.interrupted)) {
      if (this.interrupted) {
        this.finish("interrupted");
        return;
      }
      const [next = ""] = this.waiting;
      if (next === esc && this.waiting.length === 1 && this.escape === null) {
        this.escape = this.timers.after(escapeMs, () => this.pump());
        return;
      }
      this.waiting.shift();
      const end = ends.get(next);
      if (end !== undefined) {
        this.finish(end);
        return;
      }
      const { prompt } = this.open;
      if (next === "\r" || next === "\n") this.open = null;
      prompt.emit("data", new TextEncoder().encode(next));
    }
  }

  private finish(how: PromptEnd): void {
    const { open } = this;
    this.open = null;
    this.escape = null;
    open?.end(how);
  }
}

const esc = "\u001b";
/** The second question mark is that of Chinese keyboards. */
const ends: ReadonlyMap<string, PromptEnd> = new Map([
  [esc, "back"],
  ["?", "help"],
  ["？", "help"],
]);
const ctrlC = "\u0003";
/** The end of what is typed. A prompt would close and never answer. */
const ctrlD = "\u0004";
/** Nothing would put the terminal right before the shell gets it. */
const ctrlZ = "\u001a";

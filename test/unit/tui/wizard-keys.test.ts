/** The keyboard between the terminal and the prompts of the wizard. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, it } from "node:test";
import type { Timers } from "../../../src/base/index.ts";
import { Keys, type TerminalInput } from "../../../src/tui/wizard/keys.ts";

describe("Keys", () => {
  it("gives what is typed ahead to the question that it is meant for", () => {
    const desk = new Desk();
    desk.press("a\rb\r");
    assert.deepEqual(desk.ask(), ["a", "\r"]);
    assert.deepEqual(desk.ask(), ["b", "\r"]);
    assert.deepEqual(desk.ask(), []);
  });

  it("tells esc from an arrow, also when the arrow comes in two parts", () => {
    const desk = new Desk();
    const seen = desk.ask();
    desk.press("\u001b");
    desk.press("[B");
    assert.deepEqual(seen, ["\u001b[B"]);
    desk.press("\u001b");
    assert.deepEqual(desk.ends, []);
    desk.pass();
    assert.deepEqual(desk.ends, ["back"]);
    assert.deepEqual(seen, ["\u001b[B"]);
  });

  it("ends a prompt with ? and Ctrl-C, at once even behind what waits", () => {
    const desk = new Desk();
    const seen = desk.ask();
    desk.press("a?");
    assert.deepEqual([seen, desk.ends], [["a"], ["help"]]);
    desk.press("x\ry\u0003");
    assert.deepEqual(desk.ask(), []);
    assert.deepEqual(desk.ends, ["help", "interrupted"]);
  });

  it("puts the terminal right when it is closed", () => {
    const desk = new Desk();
    assert.equal(desk.raw, true);
    desk.keys.close();
    assert.equal(desk.raw, false);
    assert.equal(desk.input.listenerCount("data"), 0);
  });
});

/** A keyboard and a clock that stand still until they are told. */
class Desk {
  readonly input = new EventEmitter();
  readonly ends: string[] = [];
  raw = false;
  readonly keys: Keys;
  private due: Array<() => void> = [];

  constructor() {
    const setRawMode = (on: boolean): void => {
      this.raw = on;
    };
    const input: TerminalInput = Object.assign(this.input, { setRawMode, resume: () => {}, pause: () => {} });
    const after = (_: number, callback: () => void) => {
      this.due.push(callback);
      return { cancel: () => (this.due = this.due.filter((one) => one !== callback)) };
    };
    const timers = { after, soon: (callback: () => void) => callback() } as unknown as Timers;
    this.keys = new Keys(input, timers);
  }

  press(text: string): void {
    this.input.emit("data", new TextEncoder().encode(text));
  }

  /** A prompt; what it gets. */
  ask(): string[] {
    const seen: string[] = [];
    const prompt = new EventEmitter();
    prompt.on("data", (bytes: Uint8Array) => seen.push(new TextDecoder().decode(bytes)));
    this.keys.feed(prompt, (how) => this.ends.push(how));
    return seen;
  }

  pass(): void {
    for (const callback of this.due.splice(0)) callback();
  }
}

/** The gates of one process towards the nodes of its cluster, opened and closed by what the plan's file says. */
import type { FileSystem, Timer, Timers } from "../runtime.ts";
import { type FaultPlan, type GateState, gateBetween, nodeAt, openGate, parseFaultPlan } from "./fault-plan.ts";

/** How often the file is looked at: a fault begins and ends within that time, and at once where changes are told. */
const lookMs = 200;
const toldLookMs = 2000;

/** Calls back when the file has changed; null where that cannot be had. */
export type WatchFile = (file: string, changed: () => void) => { close(): void } | null;

/** Towards one place. */
export class Gate {
  state: GateState = openGate;
  readonly #passing = new Set<() => void>();

  /** Called at every change, until the returned function is. */
  onChange(listener: () => void): () => void {
    this.#passing.add(listener);
    return () => {
      this.#passing.delete(listener);
    };
  }

  set(state: GateState): void {
    if (state.cut === this.state.cut && state.delayMs === this.state.delayMs) return;
    this.state = state;
    for (const listener of [...this.#passing]) listener();
  }
}

export class Gates {
  readonly #node: string;
  readonly #fs: FileSystem;
  readonly #file: string;
  readonly #gates = new Map<string, { readonly gate: Gate; readonly host: string; readonly port: number }>();
  #plan: FaultPlan = { v: 1, nodes: [], faults: [] };
  #text = "";
  #looking = false;
  #lookAgain = false;
  readonly #timer: Timer;
  readonly #watcher: { close(): void } | null;

  /** `node`: the one that this process belongs to. */
  constructor(node: string, file: string, fs: FileSystem, timers: Timers, watch: WatchFile = () => null) {
    this.#node = node;
    this.#file = file;
    this.#fs = fs;
    this.#watcher = watch(file, () => this.#look());
    this.#timer = timers.every(this.#watcher === null ? lookMs : toldLookMs, () => this.#look());
    this.#look();
  }

  /** Looks no more; gates stay as they are. */
  close(): void {
    this.#timer.cancel();
    this.#watcher?.close();
  }

  to(host: string, port: number): Gate {
    const place = `${host}:${port}`;
    const known = this.#gates.get(place);
    if (known !== undefined) return known.gate;
    const gate = new Gate();
    this.#gates.set(place, { gate, host, port });
    gate.set(this.#stateOf(host, port));
    return gate;
  }

  #look(): void {
    this.#lookAgain = this.#looking;
    if (this.#looking) return;
    this.#looking = true;
    this.#fs
      .readFile(this.#file)
      .then(
        (bytes) => this.#take(new TextDecoder().decode(bytes)),
        // No file: no faults.
        () => this.#take(""),
      )
      .finally(() => {
        this.#looking = false;
        if (this.#lookAgain) this.#look();
      })
      .catch(() => {});
  }

  #take(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#plan = text === "" ? { v: 1, nodes: [], faults: [] } : parseFaultPlan(text);
    for (const { gate, host, port } of this.#gates.values()) gate.set(this.#stateOf(host, port));
  }

  #stateOf(host: string, port: number): GateState {
    const other = nodeAt(this.#plan, host, port);
    return other === null ? openGate : gateBetween(this.#plan, this.#node, other);
  }
}

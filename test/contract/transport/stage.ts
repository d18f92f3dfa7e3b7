/** Where the contract is played: a way to open workers, and a way to wait, in each world that has a transport. */

import { SimulatedWorld, type StormLabError } from "../../../src/base/index.ts";
import {
  type Endpoint,
  frameTransport,
  InprocessHub,
  type Marks,
  type Transport,
  type TransportHandlers,
} from "../../../src/transport/index.ts";

export interface WorkerPlace {
  /** Another address than the worker's first. */
  readonly elsewhere?: boolean;
  readonly marks?: Marks;
}

export interface Stage {
  /** Values are encoded on the way. */
  readonly encodes: boolean;
  transport(worker: number, place?: WorkerPlace): Transport;
  /** Where that transport will be, before it is opened. */
  addressOf(worker: number, place?: WorkerPlace): string;
  finish<T>(promise: Promise<T>, what: string): Promise<T>;
  until(condition: () => boolean, what: string): Promise<void>;
  close(): Promise<void>;
}

export type Received = readonly [
  target: number,
  source: number,
  stream: number,
  ids: readonly [number, number, number, number],
  more: readonly number[] | null,
  values: readonly unknown[],
];

/** Handlers that write down everything. */
export class Recorder implements TransportHandlers {
  readonly tuples: Received[] = [];
  readonly pressures: [peer: number, tasks: readonly number[]][] = [];
  readonly congestions: [peer: number, congested: boolean][] = [];
  readonly appearances: number[] = [];
  readonly losses: [peer: number, frames: number][] = [];
  readonly problems: StormLabError[] = [];

  tuple(
    target: number,
    source: number,
    stream: number,
    rootHi: number,
    rootLo: number,
    edgeHi: number,
    edgeLo: number,
    more: readonly number[] | null,
    values: readonly unknown[],
  ): void {
    this.tuples.push([target, source, stream, [rootHi, rootLo, edgeHi, edgeLo], more, values]);
  }

  pressure(peer: number, tasks: readonly number[]): void {
    this.pressures.push([peer, tasks]);
  }

  congestion(peer: number, congested: boolean): void {
    this.congestions.push([peer, congested]);
  }

  appeared(peer: number): void {
    this.appearances.push(peer);
  }

  lost(peer: number, frames: number): void {
    this.losses.push([peer, frames]);
  }

  problem(error: StormLabError): void {
    this.problems.push(error);
  }

  /** The first value of every tuple of a source task. */
  from(source: number): unknown[] {
    return this.tuples.filter((tuple) => tuple[1] === source).map((tuple) => tuple[5][0]);
  }
}

/** An untracked tuple with one value. */
export function sendValue(from: Endpoint, peer: number, source: number, value: unknown): void {
  from.send(peer, 1, source, 0, 0, 0, 0, 0, null, [value]);
}

export function inprocessStage(): Stage {
  const world = new SimulatedWorld({ seed: 1 });
  const hub = new InprocessHub(world.start({ host: "node1", name: "local" }).runtime);
  const addressOf = (worker: number, place?: WorkerPlace) =>
    `inprocess://${worker}${place?.elsewhere === true ? "-elsewhere" : ""}`;
  return {
    encodes: false,
    addressOf,
    transport: (worker, place) => hub.transport({ worker, listen: addressOf(worker, place), ...marksOf(place) }),
    ...inVirtualTime(world),
  };
}

/** Every worker on its own host. */
export function simulatedStage(): Stage {
  const world = new SimulatedWorld({ seed: 1 });
  const addressOf = (worker: number, place?: WorkerPlace) =>
    `tcp://${world.host(`node${worker}`).address}:${place?.elsewhere === true ? 6800 : 6700}`;
  return {
    encodes: true,
    addressOf,
    transport: (worker, place) => {
      const { runtime } = world.start({ host: `node${worker}`, name: `worker-${worker}` });
      const listen = addressOf(worker, place);
      return frameTransport(runtime, { worker, topologyId: "word-count-1", listen, ...marksOf(place) });
    },
    ...inVirtualTime(world),
  };
}

function inVirtualTime(world: SimulatedWorld): Pick<Stage, "finish" | "until" | "close"> {
  return {
    finish: (promise, what) => world.finish(promise, { what }),
    until: (condition, what) => world.until(condition, { what }),
    close: () => Promise.resolve(),
  };
}

export function marksOf(place: WorkerPlace | undefined): { marks?: Marks } {
  return place?.marks === undefined ? {} : { marks: place.marks };
}

/** Workers on a stage: opened, acquainted, closed. */
import assert from "node:assert/strict";
import type { Endpoint } from "../../../src/transport/index.ts";
import { Recorder, type Stage, type WorkerPlace } from "./stage.ts";

export interface Worker {
  readonly endpoint: Endpoint;
  readonly seen: Recorder;
}

export type Play = (title: string, act: (stage: Stage) => Promise<void>) => void;

export async function open(stage: Stage, worker: number, place?: WorkerPlace): Promise<Worker> {
  const seen = new Recorder();
  const endpoint = await stage.finish(stage.transport(worker, place).open(seen), `worker ${worker} is open`);
  assert.equal(endpoint.address, stage.addressOf(worker, place));
  return { endpoint, seen };
}

/** Two workers that know each other. */
export async function openPair(stage: Stage, place?: WorkerPlace): Promise<[Worker, Worker]> {
  const one = await open(stage, 1, place);
  const two = await open(stage, 2, place);
  one.endpoint.connect(2, two.endpoint.address);
  two.endpoint.connect(1, one.endpoint.address);
  return [one, two];
}

export async function closeAll(stage: Stage, ...workers: Worker[]): Promise<void> {
  for (const { endpoint, seen } of workers) {
    await stage.finish(endpoint.close(0), "the endpoint closes");
    assert.deepEqual(seen.problems, []);
  }
}

export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

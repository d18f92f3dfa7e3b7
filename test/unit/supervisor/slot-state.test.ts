/** The table of a slot's states, row by row, and what must hold whatever happens. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  equivalent,
  nextStep,
  type SlotFacts,
  type SlotState,
  type SlotWorker,
} from "../../../src/supervisor/slot-state.ts";
import type { LocalAssignment } from "../../../src/wire/thrift/index.ts";

const times = { startTimeoutMs: 120_000, shutdownMs: 3000 };

function assignment(topologyId: string, ...executors: [number, number][]): LocalAssignment {
  const ranges = executors.map(([task_start, task_end]) => ({ task_start, task_end }));
  return { topology_id: topologyId, executors: ranges };
}

const wc = assignment("wc-1-1", [1, 1], [2, 3]);
const other = assignment("wc-1-1", [1, 1]);
const worker: SlotWorker = { workerId: "w", assignment: wc, sinceMs: 0 };
const nothing: SlotFacts = {
  nowMs: 1000,
  wanted: null,
  code: "absent",
  alive: false,
  beatAgeMs: null,
  beatAgeMsMax: 30_000,
  isStale: false,
  notBeforeMs: 0,
};

function step(state: SlotState, facts: Partial<SlotFacts>): string {
  const { state: next, actions } = nextStep(state, { ...nothing, ...facts }, times);
  return [next.name, ...actions.map((action) => action.do)].join(", ");
}

const empty: SlotState = { name: "EMPTY" };
const localizing: SlotState = { name: "WAITING_FOR_BLOB_LOCALIZATION", assignment: wc };
const starting: SlotState = { name: "WAITING_FOR_WORKER_START", worker };
const running: SlotState = { name: "RUNNING", worker };
const killing: SlotState = { name: "KILL", worker, sinceMs: 1000, forced: false };
const relaunching: SlotState = { name: "KILL_AND_RELAUNCH", worker, sinceMs: 1000, forced: false };

describe("a slot", () => {
  for (const [what, state, facts, expected] of [
    ["stays empty with nothing to run", empty, {}, "EMPTY"],
    ["fetches code first", empty, { wanted: wc }, "WAITING_FOR_BLOB_LOCALIZATION, fetch code"],
    [
      "launches at once with the code there",
      empty,
      { wanted: wc, code: "present" },
      "WAITING_FOR_BLOB_LOCALIZATION, launch",
    ],
    ["does not fetch twice", localizing, { wanted: wc, code: "coming" }, "WAITING_FOR_BLOB_LOCALIZATION"],
    [
      "tries the download again after its pause",
      localizing,
      { wanted: wc, notBeforeMs: 1001 },
      "WAITING_FOR_BLOB_LOCALIZATION",
    ],
    [
      "launches when the code has come",
      localizing,
      { wanted: wc, code: "present" },
      "WAITING_FOR_BLOB_LOCALIZATION, launch",
    ],
    ["forgets a download that nobody wants", localizing, {}, "EMPTY"],
    ["waits for the first heartbeat", starting, { wanted: wc, alive: true }, "WAITING_FOR_WORKER_START"],
    ["runs with the first heartbeat", starting, { wanted: wc, alive: true, beatAgeMs: 0 }, "RUNNING"],
    ["gives a silent start up", starting, { wanted: wc, alive: true, nowMs: 120_001 }, "KILL_AND_RELAUNCH, terminate"],
    ["buries a start that died", starting, { wanted: wc }, "EMPTY, bury"],
    ["goes on running", running, { wanted: wc, alive: true, beatAgeMs: 29_999 }, "RUNNING"],
    ["kills what is silent", running, { wanted: wc, alive: true, beatAgeMs: 30_001 }, "KILL_AND_RELAUNCH, terminate"],
    [
      "leaves what may be silent for longer",
      running,
      { wanted: wc, alive: true, beatAgeMs: 59_999, beatAgeMsMax: 60_000 },
      "RUNNING",
    ],
    [
      "starts again what has another conf now",
      running,
      { wanted: wc, alive: true, beatAgeMs: 0, isStale: true },
      "KILL_AND_RELAUNCH, terminate",
    ],
    ["buries what died", running, { wanted: wc }, "EMPTY, bury"],
    ["ends what is not wanted", running, { alive: true, beatAgeMs: 0 }, "KILL, terminate"],
    ["ends what has other executors", running, { wanted: other, alive: true, beatAgeMs: 0 }, "KILL, terminate"],
    ["gives time to end in order", killing, { alive: true, nowMs: 3999 }, "KILL"],
    ["then kills", killing, { alive: true, nowMs: 4000 }, "KILL, kill"],
    ["kills once", { ...killing, forced: true }, { alive: true, nowMs: 9000 }, "KILL"],
    ["is empty when it has ended", killing, {}, "EMPTY, bury"],
    ["kills before a relaunch too", relaunching, { wanted: wc, alive: true, nowMs: 4000 }, "KILL_AND_RELAUNCH, kill"],
  ] as const) {
    it(what, () => assert.equal(step(state, facts as Partial<SlotFacts>), expected));
  }

  it("takes executors in another order for the same", () => {
    assert.ok(equivalent(wc, assignment("wc-1-1", [2, 3], [1, 1])));
    assert.ok(!equivalent(wc, assignment("wc-2-1", [1, 1], [2, 3])));
  });
});

describe("whatever happens, a slot", () => {
  const factsOf = fc.record({
    wanted: fc.constantFrom(null, wc, other, assignment("rank-2-2", [1, 4])),
    code: fc.constantFrom("absent", "coming", "present"),
    alive: fc.boolean(),
    beatAgeMs: fc.option(fc.nat(60_000)),
    beatAgeMsMax: fc.constantFrom(30_000, 50_000),
    isStale: fc.boolean(),
    laterMs: fc.nat(40_000),
    notBeforeMs: fc.nat(10_000),
  });

  it("never has two workers, and buries each that it launched", () => {
    fc.assert(
      fc.property(fc.array(factsOf, { maxLength: 60 }), (events) => {
        let state: SlotState = empty;
        let nowMs = 0;
        let launched = 0;
        const living = new Set<string>();
        for (const { laterMs, alive, ...facts } of events) {
          nowMs += laterMs;
          const current = "worker" in state ? state.worker.workerId : null;
          // A process that has died stays dead.
          const isAlive = current !== null && living.has(current) && alive;
          if (current !== null && !isAlive) living.delete(current);
          const next = nextStep(state, { ...facts, nowMs, alive: isAlive }, times);
          state = next.state;
          for (const action of next.actions) {
            if (action.do === "bury") assert.ok(!living.has(action.worker.workerId), "buried alive");
            if (action.do !== "launch") continue;
            assert.equal(living.size, 0, "a second worker beside the first");
            const workerId = `w${++launched}`;
            living.add(workerId);
            state = {
              name: "WAITING_FOR_WORKER_START",
              worker: { workerId, assignment: action.assignment, sinceMs: nowMs },
            };
          }
        }
      }),
    );
  });

  it("comes to run what is wanted when the world does its part, and to rest when nothing is", () => {
    fc.assert(
      fc.property(fc.array(factsOf, { maxLength: 30 }), fc.constantFrom(null, wc, other), (events, wanted) => {
        let state: SlotState = empty;
        let nowMs = 0;
        for (const { laterMs, ...facts } of events) {
          nowMs += laterMs;
          state = nextStep(state, { ...facts, nowMs }, times).state;
        }
        for (let round = 0; round < 40; round++) {
          nowMs += 1000;
          const dies = state.name === "KILL" || state.name === "KILL_AND_RELAUNCH";
          const facts = {
            nowMs,
            wanted,
            code: "present" as const,
            alive: "worker" in state && !dies,
            beatAgeMs: 0,
            beatAgeMsMax: 30_000,
            isStale: false,
            notBeforeMs: 0,
          };
          const next = nextStep(state, facts, times);
          state = next.state;
          const launch = next.actions.find((action) => action.do === "launch");
          if (launch?.do === "launch")
            state = {
              name: "WAITING_FOR_WORKER_START",
              worker: { workerId: "n", assignment: launch.assignment, sinceMs: nowMs },
            };
        }
        if (wanted === null) assert.equal(state.name, "EMPTY");
        else {
          assert.equal(state.name, "RUNNING");
          assert.ok("worker" in state && equivalent(state.worker.assignment, wanted));
        }
      }),
    );
  });
});

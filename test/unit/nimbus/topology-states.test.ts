import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Transition, transitions } from "../../../src/nimbus/topology-states.ts";
import type { TopologyStatus } from "../../../src/wire/thrift/index.ts";

/** Where each transition leads; null: the topology is gone. */
const leadsTo: Readonly<Record<Exclude<Transition, "nothing" | "do-rebalance">, TopologyStatus | null>> = {
  activate: "ACTIVE",
  inactivate: "INACTIVE",
  kill: "KILLED",
  rebalance: "REBALANCING",
  remove: null,
  "delay-remove": "KILLED",
  "delay-do-rebalance": "REBALANCING",
};

function after(status: TopologyStatus, transition: Transition): readonly (TopologyStatus | null)[] {
  if (transition === "nothing") return [status];
  if (transition === "do-rebalance") return ["ACTIVE", "INACTIVE"];
  return [leadsTo[transition]];
}

describe("the table of topology states", () => {
  it("is Storm's", () => {
    assert.deepEqual(transitions, {
      ACTIVE: { ACTIVATE: "nothing", INACTIVATE: "inactivate", REBALANCE: "rebalance", KILL: "kill" },
      INACTIVE: { ACTIVATE: "activate", INACTIVATE: "nothing", REBALANCE: "rebalance", KILL: "kill" },
      REBALANCING: { KILL: "kill", DO_REBALANCE: "do-rebalance", GAIN_LEADERSHIP: "delay-do-rebalance" },
      KILLED: { KILL: "kill", REMOVE: "remove", GAIN_LEADERSHIP: "delay-remove" },
    });
  });

  it("lets a topology out of KILLED by its removal alone", () => {
    for (const transition of Object.values(transitions.KILLED)) {
      for (const next of after("KILLED", transition)) assert.ok(next === "KILLED" || next === null, transition);
    }
  });

  it("can kill in every state, and reaches the removal from each", () => {
    for (const row of Object.values(transitions)) assert.equal(row.KILL, "kill");
  });

  it("waits anew under a new leader exactly where something waits", () => {
    for (const [status, row] of Object.entries(transitions)) {
      const waits = row.DO_REBALANCE !== undefined || row.REMOVE !== undefined;
      assert.equal(row.GAIN_LEADERSHIP !== undefined, waits, status);
    }
  });
});

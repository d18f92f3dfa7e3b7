/** A report keeps secrets and says what it may. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { masked } from "../../../src/doctor/mask.ts";

describe("what a report masks", () => {
  const cases: [text: string, told: string][] = [
    ["db.password: hunter2", "db.password: ***"],
    ['storm.zookeeper.auth.payload: "user:secret words"', "storm.zookeeper.auth.payload: ***"],
    ['{"apiToken": "abc", "n": 1}', '{"apiToken": ***, "n": 1}'],
    ["API_KEY=abc123", "API_KEY=***"],
    ["Authorization: Bearer abc.def-1", "Authorization: *** ***"],
    ["sent Bearer abc.def-1", "sent Bearer ***"],
    ["addauth digest:anna:pw", "addauth digest:anna:***"],
    ["at https://anna:pw@example.org/x", "at https://***@example.org/x"],
    ["open '/users/anna/.storm-lab/x'", "open '~/.storm-lab/x'"],
    ["nimbus.thrift.port: 6627", "nimbus.thrift.port: 6627"],
    ["topology.message.timeout.secs: 30", "topology.message.timeout.secs: 30"],
  ];
  for (const [text, told] of cases) it(text, () => assert.equal(masked(text, ["/users/anna"]), told));
});

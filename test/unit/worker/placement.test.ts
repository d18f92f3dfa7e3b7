import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Assignment } from "../../../src/wire/thrift/index.ts";
import { peerNumber, placementOf, sameExecutors } from "../../../src/worker/cluster/placement.ts";

function assignment(
  places: readonly (readonly [first: number, last: number, node: string, port: number])[],
): Assignment {
  return {
    master_code_dir: "",
    node_host: new Map([
      ["n1", "127.0.0.2"],
      ["n2", "::1"],
    ]),
    executor_node_port: places.map(([first, last, node, port]) => [[first, last], { node, port: new Set([port]) }]),
    executor_start_time_secs: [],
    worker_resources: [],
    total_shared_off_heap: new Map(),
  };
}

describe("the placement of a worker", () => {
  const own = { node: "n1", port: 6700 };
  const other = peerNumber({ node: "n2", port: 6701 });

  it("tells its executors, and where everybody's tasks are", () => {
    const placement = placementOf(
      assignment([
        [5, 6, "n1", 6700],
        [3, 4, "n2", 6701],
        [1, 2, "n1", 6700],
        [7, 7, "n1", 6703],
      ]),
      own,
    );
    assert.deepEqual(placement.executors, [
      [1, 2],
      [5, 6],
    ]);
    assert.deepEqual(placement.tasks.get(peerNumber(own)), [1, 2, 5, 6]);
    assert.deepEqual(placement.tasks.get(other), [3, 4]);
    assert.equal(placement.addresses.get(peerNumber(own)), "tcp://127.0.0.2:6700");
    assert.equal(placement.addresses.get(other), "tcp://[::1]:6701");
    assert.equal(placement.tasks.size, 3);
  });

  it("has no executors when the slot is not assigned", () => {
    const placement = placementOf(assignment([[1, 4, "n2", 6700]]), own);
    assert.deepEqual(placement.executors, []);
    assert.equal(placement.tasks.size, 1);
  });

  it("numbers workers the same for everyone, whatever else is assigned", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 65_535 }), (node, port) => {
        const number = peerNumber({ node, port });
        assert.ok(number >= 0 && number < 2 ** 31);
        assert.equal(number, peerNumber({ node, port }));
        const { tasks } = placementOf(assignment([[1, 1, node, port]]), own);
        assert.deepEqual([...tasks.keys()], [number]);
      }),
    );
  });

  it("is refused in words when two workers have the same number", () => {
    // Two slots of one hash, found by trying ports of many nodes.
    const seen = new Map<number, [string, number]>();
    let pair: [[string, number], [string, number]] | null = null;
    for (let node = 0; pair === null; node++) {
      for (let port = 1; port < 60_000 && pair === null; port += 7) {
        const number = peerNumber({ node: `n${node}`, port });
        const before = seen.get(number);
        if (before !== undefined) pair = [before, [`n${node}`, port]];
        seen.set(number, [`n${node}`, port]);
      }
    }
    const [[nodeA, portA], [nodeB, portB]] = pair;
    assert.throws(
      () =>
        placementOf(
          assignment([
            [1, 1, nodeA, portA],
            [2, 2, nodeB, portB],
          ]),
          own,
        ),
      { code: "SL-PEER-NUMBER" },
    );
  });

  it("tells whether executors are the same", () => {
    assert.ok(sameExecutors([[1, 2]], [[1, 2]]));
    assert.ok(!sameExecutors([[1, 2]], [[1, 1]]));
    assert.ok(!sameExecutors([[1, 2]], []));
    assert.ok(!sameExecutors([], [[1, 2]]));
  });
});

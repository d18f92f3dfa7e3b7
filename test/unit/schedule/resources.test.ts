import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StormConf } from "../../../src/conf/index.ts";
import { requestOf } from "../../../src/schedule/index.ts";

const storm = new StormConf({}).values;

describe("what an executor asks for", () => {
  it("is Storm's default, then the topology's word, then the component's", () => {
    const bare = requestOf({ id: "a", conf: {} }, storm);
    assert.deepEqual(bare, { onHeap: 128, offHeap: 0, cpu: 10, generic: new Map() });
    const topology = { ...storm, "topology.component.cpu.pcore.percent": 20 };
    const own = {
      "topology.component.resources.onheap.memory.mb": 300,
      "topology.component.resources.map": { "cpu.pcore.percent": 50, "gpu.count": 1 },
    };
    assert.equal(requestOf({ id: "a", conf: {} }, topology).cpu, 20);
    const asked = requestOf({ id: "a", conf: own }, topology);
    assert.deepEqual(asked, { onHeap: 300, offHeap: 0, cpu: 50, generic: new Map([["gpu.count", 1]]) });
  });

  it("is for an acker what topology.acker.* says", () => {
    const conf = { ...storm, "topology.acker.resources.onheap.memory.mb": 64, "topology.acker.cpu.pcore.percent": 5 };
    assert.deepEqual(requestOf({ id: "__acker", conf: {} }, conf), {
      ...requestOf({ id: "a", conf: {} }, storm),
      onHeap: 64,
      cpu: 5,
    });
    assert.equal(requestOf({ id: "a", conf: {} }, conf).onHeap, 128);
  });
});

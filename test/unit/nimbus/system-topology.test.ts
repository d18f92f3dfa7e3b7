import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { topologyToThrift } from "../../../src/code/index.ts";
import { StormConf } from "../../../src/conf/index.ts";
import { planTopology } from "../../../src/executor/index.ts";
import { normalizeConf, normalizeTopology, overrideResources } from "../../../src/nimbus/normalize.ts";
import {
  allComponents,
  componentConf,
  executorsOf,
  startExecutors,
  systemTopology,
  taskComponents,
} from "../../../src/nimbus/system-topology.ts";
import type { ComponentSpec, TopologyDescription } from "../../../src/topology/index.ts";
import { StormTopology } from "../../../src/wire/thrift/index.ts";

const cluster = new StormConf({});

const names = fc.uniqueArray(fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/), { minLength: 1, maxLength: 6 });
const described = names.chain((ids) =>
  fc
    .array(
      fc.record({
        hint: fc.integer({ min: 1, max: 9 }),
        tasks: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
      }),
      {
        minLength: ids.length,
        maxLength: ids.length,
      },
    )
    .map(
      (sizes): TopologyDescription => ({
        warnings: [],
        components: ids.map((id, index) => component(ids, id, index, sizes[index]!)),
      }),
    ),
);
const confs = fc.record(
  {
    "topology.workers": fc.integer({ min: 1, max: 5 }),
    "topology.acker.executors": fc.option(fc.integer({ min: 0, max: 4 })),
    "topology.eventlogger.executors": fc.option(fc.integer({ min: 0, max: 3 })),
    "topology.max.task.parallelism": fc.option(fc.integer({ min: 1, max: 8 })),
  },
  { requiredKeys: [] },
);

function component(
  ids: readonly string[],
  id: string,
  index: number,
  size: { readonly hint: number; readonly tasks: number | undefined },
): ComponentSpec {
  const input = { componentId: ids[0] ?? "", streamId: "default", grouping: { type: "shuffle" as const } };
  return {
    id,
    kind: index === 0 ? "spout" : "rich-bolt",
    parallelismHint: size.hint,
    conf: size.tasks === undefined ? {} : { "topology.tasks": size.tasks },
    streams: { default: { fields: ["x"], direct: false } },
    inputs: index === 0 ? [] : [input],
  };
}

function submitted(description: TopologyDescription, asked: Readonly<Record<string, unknown>>) {
  const conf = normalizeConf(cluster, { id: "t-1-1", name: "t", owner: "me", conf: asked });
  const merged = { ...cluster.values, ...conf };
  const topology = normalizeTopology(merged, topologyToThrift(description, "topology.ts"), "2.8.8");
  return { conf: merged, topology };
}

describe("tasks and executors", () => {
  it("have the numbers that workers give them", () => {
    fc.assert(
      fc.property(described, confs, (description, asked) => {
        const { conf, topology } = submitted(description, asked);
        const plan = planTopology(description, { ...cluster.values, ...asked });
        const components = taskComponents(conf, topology);
        assert.deepEqual([...components.values()], plan.componentOfTask);
        assert.deepEqual(
          executorsOf(startExecutors(conf, topology), components).map(([first, last]) => [first, last]),
          plan.executors.map(({ tasks }) => [tasks[0], tasks.at(-1)]),
        );
      }),
    );
  });

  it("cover every task once, whatever a rebalance asks for", () => {
    fc.assert(
      fc.property(described, confs, fc.integer({ min: 1, max: 20 }), (description, asked, count) => {
        const { conf, topology } = submitted(description, asked);
        const components = taskComponents(conf, topology);
        const counts = new Map([...startExecutors(conf, topology).keys()].map((id) => [id, count]));
        const executors = executorsOf(counts, components);
        const tasks = executors.flatMap(([first, last]) =>
          Array.from({ length: last - first + 1 }, (_, each) => first + each),
        );
        assert.deepEqual(
          tasks.sort((a, b) => a - b),
          [...components.keys()],
        );
        for (const [first, last] of executors) assert.equal(components.get(first), components.get(last));
      }),
    );
  });
});

describe("the running topology", () => {
  const description: TopologyDescription = {
    warnings: [],
    components: [
      component(["s"], "s", 0, { hint: 1, tasks: undefined }),
      component(["s"], "b", 1, { hint: 2, tasks: 4 }),
    ],
  };

  it("has Storm's system components and streams, and can be written", () => {
    const { conf, topology } = submitted(description, { "topology.workers": 2 });
    const running = systemTopology(conf, topology);
    assert.deepEqual([...running.bolts.keys()], ["b", "__acker", "__system"]);
    assert.deepEqual(
      [...(running.spouts.get("s")?.common.streams.keys() ?? [])],
      ["default", "__ack_init", "__metrics", "__system"],
    );
    const acker = running.bolts.get("__acker");
    assert.equal(acker?.common.parallelism_hint, 2);
    assert.deepEqual(
      acker?.common.inputs.map(([{ componentId, streamId }]) => `${componentId} ${streamId}`),
      ["s __ack_init", "b __ack_ack", "b __ack_fail", "b __ack_reset_timeout"],
    );
    assert.deepEqual(StormTopology.decode(StormTopology.encode(running)), running);
  });

  it("keeps in its conf what every worker must agree on", () => {
    const asked = { "topology.workers": 3, "storm.local.hostname": "there", "topology.users": ["you"], "my.key": 1 };
    const conf = normalizeConf(cluster, { id: "t-1-1", name: "t", owner: "me", conf: asked });
    assert.equal(conf["topology.acker.executors"], 3);
    assert.equal(conf["storm.id"], "t-1-1");
    assert.equal(conf["my.key"], 1);
    assert.deepEqual(conf["topology.users"], ["you", "me"]);
    assert.equal("storm.local.hostname" in conf, false);
    const { topology } = submitted(description, {});
    assert.equal(topology.storm_version, "2.8.8");
    const tasks = [...allComponents(topology)].map(([id, each]) => [id, componentConf(each)["topology.tasks"]]);
    assert.deepEqual(tasks, [
      ["b", 4],
      ["s", 1],
    ]);
  });

  it("takes resources from a rebalance under their normal names", () => {
    const { topology } = submitted(description, {});
    const before = {
      ...topology.bolts.get("b")!,
      common: { ...topology.bolts.get("b")!.common, json_conf: '{"topology.component.resources.onheap.memory.mb": 1}' },
    };
    const changed = overrideResources(
      { ...topology, bolts: new Map([["b", before]]) },
      new Map([
        [
          "b",
          new Map([
            ["topology.component.resources.onheap.memory.mb", 256],
            ["gpu", 1],
          ]),
        ],
      ]),
    );
    assert.deepEqual(componentConf(changed.bolts.get("b")!), {
      "topology.component.resources.map": { "onheap.memory.mb": 256, gpu: 1 },
    });
  });
});

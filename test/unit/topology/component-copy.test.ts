import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import {
  BaseBasicBolt,
  type BoltComponent,
  type CustomStreamGrouping,
  rebuiltPerTask,
  type StormTopology,
  TopologyBuilder,
} from "../../../src/topology/index.ts";
import { LineSpout, SinkBolt } from "./components.ts";
import { assertRefused } from "./refusal.ts";

class HoldingBolt<T> extends BaseBasicBolt {
  readonly held: T;

  constructor(held: T) {
    super();
    this.held = held;
  }

  override execute(): void {}
}

function topologyWith(bolt: BoltComponent | (() => BoltComponent)): StormTopology {
  const builder = new TopologyBuilder();
  const spout = builder.setSpout("spout", new LineSpout());
  builder.setBolt("bolt", bolt, 2).shuffleGrouping(spout);
  return builder.createTopology();
}

/** What the second task gets of a member. */
function copyOf<T>(held: T): T {
  const topology = topologyWith(new HoldingBolt(held));
  topology.makeComponent("bolt");
  return (topology.makeComponent("bolt") as HoldingBolt<T>).held;
}

function assertNotCopied(held: unknown, what: RegExp): void {
  assertRefused(() => copyOf(held), {
    code: "SL-COMPONENT-COPY",
    what,
    why: "a component with more than one task is copied, as Storm serialises it; only data can be copied",
    hint: "make it in open or prepare, or give the builder a function: setBolt(id, () => new MyBolt(), 4)",
  });
}

test("the first task has the author's object, each further one its own copy of the same class", () => {
  const bolt = new HoldingBolt({ list: [1, { deep: true }] });
  const topology = topologyWith(bolt);
  const tasks = [0, 1, 2].map(() => topology.makeComponent("bolt") as typeof bolt);
  assert.equal(tasks[0], bolt);
  assert.equal(new Set(tasks).size, 3);
  assert.equal(new Set(tasks.map((task) => task.held)).size, 3);
  for (const task of tasks) {
    assert.ok(task instanceof HoldingBolt);
    assert.equal(task.componentKind, "basic-bolt");
    assert.deepEqual(task.held, { list: [1, { deep: true }] });
  }
});

test("one task needs no copy, so its members may be anything", () => {
  const bolt = new HoldingBolt(() => 1);
  assert.equal(topologyWith(bolt).makeComponent("bolt"), bolt);
});

test("data of every kind is copied faithfully", () => {
  class Point {
    x = 1;
    next: Point | undefined = undefined;
    double(): number {
      return this.x * 2;
    }
  }
  const point = new Point();
  point.next = point;
  const held = {
    text: "a",
    big: 10n,
    nothing: null,
    absent: undefined,
    notANumber: Number.NaN,
    date: new Date(5),
    pattern: /a+/giu,
    bytes: new Uint8Array([1, 2]),
    buffer: Buffer.from("storm"),
    plain: new Uint16Array([700]).buffer,
    map: new Map<unknown, unknown>([[{ key: 1 }, new Set([[1], "two"])]]),
    sparse: Object.assign(new Array(3), { 2: 3 }),
    bare: Object.assign(Object.create(null) as object, { a: 1 }),
    [Symbol.for("own")]: ["s"],
    point,
  };
  Object.defineProperty(held, "hidden", { value: [1], enumerable: false });
  const copy = copyOf(held);
  assert.notEqual(copy, held);
  assert.deepEqual(copy, held);
  assert.ok(copy.buffer instanceof Buffer);
  assert.equal(copy.buffer.toString(), "storm");
  assert.equal(copy.point.double(), 2);
  assert.equal(copy.point.next, copy.point, "a cycle stays a cycle");
  assert.notEqual(copy.point, point);
  assert.deepEqual(Object.getOwnPropertyDescriptor(copy, "hidden"), Object.getOwnPropertyDescriptor(held, "hidden"));
  copy.bytes[0] = 9;
  copy.map.clear();
  copy[Symbol.for("own") as keyof typeof held] = "changed" as never;
  assert.equal(held.bytes[0], 1);
  assert.equal(held.map.size, 1);
  assert.deepEqual(held[Symbol.for("own") as keyof typeof held], ["s"]);
});

test("what two members share, the copies of them share", () => {
  const shared = new Map([["a", 1]]);
  const bytes = new Uint8Array(4);
  const copy = copyOf({ one: shared, two: shared, view: bytes, sameView: bytes });
  assert.equal(copy.one, copy.two);
  assert.equal(copy.view, copy.sameView);
});

test("SL-COMPONENT-COPY names the member that is no data", () => {
  assertNotCopied({ list: [0, () => 1] }, /^bolt\.held\.list\.1 cannot be copied for each task: it is a function$/);
  assertNotCopied(Symbol("s"), /^bolt\.held cannot be copied for each task: it is a symbol$/);
  assertNotCopied(new Map([["k", () => 1]]), /^bolt\.held\.k cannot be copied for each task: it is a function$/);
  assertNotCopied(new Set([() => 1]), /^bolt\.held cannot be copied for each task: it is a function$/);
  assertNotCopied(Promise.resolve(), /it is a Promise$/);
  assertNotCopied(new WeakMap(), /it is a WeakMap$/);
  assertNotCopied(new Intl.NumberFormat(), /it is a NumberFormat$/);
  assertNotCopied(new (class Registry extends Map {})(), /it is a Map$/);
  assertNotCopied(new MessageChannel().port1, /it is a MessagePort$/);
  assertNotCopied(
    new EventEmitter().on("data", () => {}),
    /^bolt\.held\._events\.data cannot be copied for each task: it is a function$/,
  );
  assertNotCopied(
    {
      get now() {
        return 1;
      },
    },
    /^bolt\.held\.now cannot be copied for each task: it is an accessor$/,
  );
});

test("SL-COMPONENT-COPY for private members, of the component, its ancestors and what it holds", () => {
  class Secret extends SinkBolt {
    readonly #count = 1;
    count(): number {
      return this.#count;
    }
  }
  class Heir extends Secret {}
  for (const bolt of [new Secret(), new Heir()]) {
    const topology = topologyWith(bolt);
    assert.equal(topology.makeComponent("bolt"), bolt);
    assertRefused(() => topology.makeComponent("bolt"), {
      code: "SL-COMPONENT-COPY",
      what: "bolt.#count cannot be copied for each task: a private member cannot be copied",
      why: /copied/,
      hint: /open or prepare/,
    });
  }
  assertNotCopied(new URL("storm:lab"), /^bolt\.held\.#\w+ cannot be copied/);
  const minified = new Function("return class{a=1;#b}")() as new () => object;
  assertNotCopied(new minified(), /^bolt\.held\.#b cannot be copied/);
});

test("mentioning a private name is not having one", () => {
  class Mentions extends SinkBolt {
    // Not a member: see#also, a.#b
    readonly colour = "#fff";
    has(other: Mentions): boolean {
      return `${other.colour}#x` === "#y=";
    }
  }
  const topology = topologyWith(new Mentions());
  topology.makeComponent("bolt");
  assert.ok(topology.makeComponent("bolt") instanceof Mentions);
});

test("a function makes one for each task, and then anything may be a member", () => {
  let made = 0;
  const topology = topologyWith(() => new HoldingBolt(() => made++));
  const tasks = [0, 1, 2].map(() => topology.makeComponent("bolt"));
  assert.equal(new Set(tasks).size, 3);
});

test("a topology that is built anew for each task gives each the author's own object", () => {
  const build = () => topologyWith(new HoldingBolt(() => 1));
  const topology = rebuiltPerTask(build(), build);
  const tasks = [0, 1, 2].map(() => topology.makeComponent("bolt"));
  assert.equal(new Set(tasks).size, 3);
  assert.deepEqual(topology.description, build().description);
});

test("each emitting task has its own custom grouping", () => {
  class ByTurns implements CustomStreamGrouping {
    tasks: readonly number[] = [];
    prepare(_context: unknown, _stream: unknown, targetTasks: readonly number[]): void {
      this.tasks = targetTasks;
    }
    chooseTasks(): readonly number[] {
      return this.tasks.slice(0, 1);
    }
  }
  for (const grouping of [new ByTurns(), () => new ByTurns()]) {
    const builder = new TopologyBuilder();
    const spout = builder.setSpout("spout", new LineSpout());
    builder.setBolt("bolt", new SinkBolt()).shuffleGrouping(spout, "errors").customGrouping(spout, grouping);
    const topology = builder.createTopology();
    const bolt = topology.description.components.find(({ id }) => id === "bolt");
    assert.deepEqual(bolt?.inputs[1]?.grouping, { type: "custom", className: "ByTurns" });
    const groupings = [0, 1, 2].map(() => topology.makeGrouping("bolt", 1));
    assert.equal(new Set(groupings).size, 3);
    assert.ok(groupings.every((made) => made instanceof ByTurns));
  }
});

/**
 * Components that scenarios name in a line each:
 *
 *     spout NAME [xTASKS] [untracked] [everywhere]: VALUE; VALUE …     values are shared among the tasks; everywhere: each task emits all
 *     bolt NAME [xTASKS] BEHAVIOUR GROUPING SOURCE
 *
 * Every tuple has one field, `value`. A spout emits again what fails.
 */
import type {
  BaseRichBolt,
  BaseRichSpout,
  BoltDeclarer,
  OutputCollector,
  TopologyBuilder,
  Tuple,
} from "../../../src/index.ts";
import { bolt, spout } from "../../kit/scripted-components.ts";
import type { Stage } from "./stage.ts";

type Execute = (tuple: Tuple, out: OutputCollector) => void | Promise<void>;

export function addComponent(builder: TopologyBuilder, stage: Stage, line: string): void {
  const [, kind = "", name = "", tasks = "1", rest = ""] =
    /^(spout|bolt) (\S+?)(?: x(\d+))?((?: |:).*)$/.exec(line) ?? [];
  if (kind === "spout") builder.setSpout(name, spoutOf(stage, name, rest), Number(tasks));
  else if (kind === "bolt") addBolt(builder, stage, name, Number(tasks), rest.trim().split(" "));
  else throw new Error(`no component: ${line}`);
}

function spoutOf(stage: Stage, name: string, rest: string): () => BaseRichSpout {
  const [words = "", values = ""] = rest.split(":");
  const all = values.split(";").map((value) => value.trim());
  const isTracked = !words.includes("untracked");
  return spout(() => {
    let waiting: string[] = [];
    let taskId = 0;
    return {
      declares: ["value"],
      open: (_out, context) => {
        taskId = context.thisTaskId;
        const { length } = context.getComponentTasks(name);
        waiting = all.filter((_, at) => words.includes("everywhere") || at % length === context.thisTaskIndex);
      },
      nextTuple: (out) => {
        const value = waiting.shift();
        if (value === undefined) return out.exhausted();
        stage.note(name, taskId, "emits", value);
        out.emit([value], isTracked ? value : undefined);
      },
      ack: (id) => stage.note(name, taskId, "acks", String(id)),
      fail: (id) => {
        stage.note(name, taskId, "fails", String(id));
        waiting.push(String(id));
      },
    };
  });
}

function addBolt(builder: TopologyBuilder, stage: Stage, name: string, tasks: number, words: readonly string[]): void {
  const [behaviour = "", grouping = "", source = ""] = words;
  const declarer = builder.setBolt(name, boltOf(stage, name, behaviour), tasks);
  const group = Object.hasOwn(groupings, grouping) ? groupings[grouping] : undefined;
  if (group === undefined) throw new Error(`no grouping: ${grouping}`);
  group(declarer, source);
}

type AnyBolt = BoltDeclarer<Record<string, string>>;

const groupings: Readonly<Record<string, (declarer: AnyBolt, source: string) => unknown>> = {
  shuffle: (declarer, source) => declarer.shuffleGrouping(source),
  "local-or-shuffle": (declarer, source) => declarer.localOrShuffleGrouping(source),
  fields: (declarer, source) => declarer.fieldsGrouping(source, ["value"]),
  "partial-key": (declarer, source) => declarer.partialKeyGrouping(source, ["value"]),
  all: (declarer, source) => declarer.allGrouping(source),
  global: (declarer, source) => declarer.globalGrouping(source),
};

function boltOf(stage: Stage, name: string, behaviour: string): () => BaseRichBolt {
  return bolt(() => {
    const counts = new Map<string, number>();
    const execute = executeOf(stage, behaviour, counts);
    return {
      declares: ["value"],
      prepare: (_out, context) => {
        if (behaviour.startsWith("counts")) context.publish("counts", counts);
      },
      execute: (tuple, out, context) => {
        stage.note(name, context.thisTaskId, "executes", tuple.getString(0));
        return execute(tuple, out);
      },
    };
  });
}

function executeOf(stage: Stage, behaviour: string, counts: Map<string, number>): Execute {
  const split: Execute = (tuple, out) => {
    for (const word of tuple.getString(0).split(" ")) out.emit(tuple, [word]);
    out.ack(tuple);
  };
  const count: Execute = (tuple, out) => {
    counts.set(tuple.getString(0), (counts.get(tuple.getString(0)) ?? 0) + 1);
    out.ack(tuple);
  };
  const behaviours: Readonly<Record<string, Execute>> = {
    acks: (tuple, out) => out.ack(tuple),
    passes: (tuple, out) => {
      out.emit(tuple, [tuple.getString(0)]);
      out.ack(tuple);
    },
    splits: split,
    "splits-unanchored": (tuple, out) => {
      for (const word of tuple.getString(0).split(" ")) out.emit([word]);
    },
    counts: count,
    "counts-unacked": (tuple) => {
      counts.set(tuple.getString(0), (counts.get(tuple.getString(0)) ?? 0) + 1);
    },
    forgets: () => {},
    "fails-first": (tuple, out) => {
      const isFirst = !counts.has(tuple.getString(0));
      counts.set(tuple.getString(0), 1);
      if (isFirst) out.fail(tuple);
      else out.ack(tuple);
    },
    "forgets-first": (tuple, out) => {
      const isFirst = !counts.has(tuple.getString(0));
      counts.set(tuple.getString(0), 1);
      if (!isFirst) out.ack(tuple);
    },
    "takes-a-second": async (tuple, out) => {
      await new Promise<void>((resume) => stage.cluster.runtime.timers.after(1000, resume));
      out.ack(tuple);
    },
  };
  const execute = Object.hasOwn(behaviours, behaviour) ? behaviours[behaviour] : undefined;
  if (execute === undefined) throw new Error(`no behaviour: ${behaviour}`);
  return execute;
}

/**
 * A tracked word count for one simulated worker process: sentences → words → counts, and words joined in pairs that are anchored
 * to both.
 */
import type { SimulatedProcess } from "../../../src/base/index.ts";
import { type OutputCollector, type StormTopology, TopologyBuilder, type Tuple } from "../../../src/topology/index.ts";
import { bolt, spout } from "../../kit/scripted-components.ts";
import type { Sentences } from "./sentences.ts";

export const messageTimeoutSecs = 3;

/** Of the first emissions one in so many has a word that the counter fails. */
const refusedEvery = 13;

export const wordCountConf = {
  "topology.message.timeout.secs": messageTimeoutSecs,
  "topology.max.spout.pending": 40,
  "topology.sleep.spout.wait.strategy.time.ms": 20,
  "topology.executor.receive.buffer.size": 64,
};

/** `life`: names this process's life in the record. */
export function wordCount(process: SimulatedProcess, sentences: Sentences, life: string): StormTopology {
  const builder = new TopologyBuilder();
  builder.setSpout("spout", sentenceSpout(process, sentences, life), 2);
  builder
    .setBolt(
      "split",
      bolt({
        declares: ["word", "emission", "position"],
        execute: (tuple, out) => {
          const [words, emission] = tuple.getValues() as [string[], number];
          for (const [position, word] of words.entries()) out.emit(tuple, [word, emission, position]);
          out.ack(tuple);
        },
      }),
      3,
    )
    .shuffleGrouping("spout");
  builder.setBolt("count", counter(process, sentences), 3).fieldsGrouping("split", ["word"]);
  builder.setBolt("join", join(), 2).noneGrouping("split").addConfiguration("topology.tick.tuple.freq.secs", 0.2);
  builder
    .setBolt(
      "seen",
      bolt({
        execute: (tuple, out) => {
          if (process.alive) {
            for (const [emission, position] of tuple.getValue(0) as [number, number][])
              sentences.joined(emission, position);
          }
          out.ack(tuple);
        },
      }),
      2,
    )
    .shuffleGrouping("join");
  return builder.createTopology();
}

/** What the process does after its death does not count. */
function sentenceSpout(process: SimulatedProcess, sentences: Sentences, life: string) {
  return spout(() => {
    const waiting: number[] = [];
    let lifeOfTask = "";
    return {
      declares: ["words", "emission"],
      open: (_out, context) => {
        const { length } = context.getComponentTasks("spout");
        lifeOfTask = `${life} task ${context.thisTaskId}`;
        waiting.push(...sentences.unacked(context.thisTaskIndex, length));
      },
      nextTuple: (out) => {
        if (!process.alive) return;
        const sentence = waiting.shift();
        if (sentence === undefined) return out.exhausted();
        const emission = sentences.emit(sentence, lifeOfTask);
        out.emit([emission.words, emission.number], emission.number);
      },
      ack: (number) => {
        if (process.alive) sentences.ended(number as number, "ack", lifeOfTask, process.nowUs / 1000);
      },
      fail: (number) => {
        if (!process.alive) return;
        sentences.ended(number as number, "fail", lifeOfTask, process.nowUs / 1000);
        waiting.push(sentences.emissions[number as number]?.sentence as number);
      },
    };
  });
}

/** Some words take time. Some are failed, in the first emission of their sentence. */
function counter(process: SimulatedProcess, sentences: Sentences) {
  return bolt({
    execute: (tuple, out) => {
      const [, emission, position] = tuple.getValues() as [string, number, number];
      const done = () => {
        if (isRefused(sentences, emission, position)) {
          if (process.alive) sentences.failing(emission, process.nowUs / 1000);
          return out.fail(tuple);
        }
        if (process.alive) sentences.counted(emission, position);
        out.ack(tuple);
      };
      if (emission % 7 !== 0) return done();
      const { promise, resolve } = Promise.withResolvers<void>();
      process.runtime.timers.after(1, resolve);
      return promise.then(done);
    },
  });
}

function isRefused(sentences: Sentences, emission: number, position: number): boolean {
  return emission < sentences.texts.length && emission % refusedEvery === 0 && position === 1;
}

/** Two words at a time, or on a tick the one that waits. */
function join() {
  return bolt(() => {
    let held: Tuple[] = [];
    const release = (out: OutputCollector) => {
      out.emit(held, [held.map((tuple) => [tuple.getNumber(1), tuple.getNumber(2)])]);
      for (const tuple of held) out.ack(tuple);
      held = [];
    };
    return {
      declares: ["pair"],
      execute: (tuple, out) => {
        const isTick = tuple.getSourceStreamId() === "__tick";
        if (!isTick) held.push(tuple);
        if (held.length === 2 || (isTick && held.length > 0)) release(out);
      },
    };
  });
}

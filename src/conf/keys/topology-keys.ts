/**
 * `topology.*` beside those that `src/topology` knows by itself: they can stand in storm.yaml too, as defaults of all topologies.
 * Source: Storm's defaults.yaml and Config, 2.8.
 */
import { type Conf, topologyDefaults, topologyRules } from "../../topology/index.ts";
import {
  atLeastOne,
  count,
  flag,
  honoured,
  type Keys,
  mapping,
  orNothing,
  positive,
  refused,
  text,
  textOrTexts,
  without,
} from "../key.ts";

const noJvm = "a worker is no Java process";
const noThreads = "executors of a worker take turns in one thread";
const noMultilang = "components in other languages are not here yet";
const noState = "stateful bolts are not here yet";

const known: Keys = Object.fromEntries(
  Object.entries(topologyDefaults satisfies Conf).map(([key, value]) => {
    const rule = topologyRules[key] ?? { wants: "a value", holds: () => true };
    return [key, honoured(value, value === null ? orNothing(rule) : rule, meanings(key))];
  }),
);

export const topologyKeys: Keys = {
  ...known,
  "topology.eventlogger.rotation.size.mb": honoured(100, positive, "at this size events.log is put aside"),
  "topology.eventlogger.max.retained.files": honoured(5, count, "events.log files put aside that are kept"),
  "topology.builtin.metrics.bucket.size.secs": without(
    60,
    positive,
    "span of built-in metrics",
    "executor.metrics.frequency.secs says how often they are told",
  ),
  "topology.transfer.buffer.size": without(
    1000,
    atLeastOne,
    "tuples that wait for other workers",
    "an outbox is bounded by bytes",
  ),
  "topology.transfer.batch.size": without(1, atLeastOne, "tuples of a batch", "what a turn sends leaves in one frame"),
  "topology.producer.batch.size": without(1, atLeastOne, "tuples of a batch", noThreads),
  "topology.batch.flush.interval.millis": without(
    1,
    positive,
    "how long a batch waits",
    "what a turn sends leaves at its end",
  ),
  "topology.executor.overflow.limit": without(
    0,
    count,
    "tuples beyond a full queue",
    "a full queue stops its producers",
  ),
  "topology.spout.wait.strategy": without(
    "org.apache.storm.policy.WaitStrategyProgressive",
    text,
    "what a spout does with nothing to emit",
    noThreads,
  ),
  "topology.bolt.wait.strategy": without(
    "org.apache.storm.policy.WaitStrategyProgressive",
    text,
    "what a bolt does with nothing to take",
    noThreads,
  ),
  "topology.backpressure.wait.strategy": without(
    "org.apache.storm.policy.WaitStrategyProgressive",
    text,
    "what a producer does at a full queue",
    noThreads,
  ),
  "topology.multilang.serializer": refused(
    "org.apache.storm.multilang.JsonSerializer",
    text,
    "how children are talked to",
    noMultilang,
  ),
  "topology.shellbolt.max.pending": without(100, atLeastOne, "tuples under way to a child", noMultilang),
  "topology.subprocess.timeout.secs": without(
    null,
    orNothing(positive),
    "silence of a child until it is given up",
    noMultilang,
  ),
  "topology.worker.childopts": without(null, orNothing(textOrTexts), "options of its Java process", noJvm),
  "topology.classpath": without(null, orNothing(textOrTexts), "Java's class path", noJvm),
  "topology.environment": honoured(null, orNothing(mapping), "environment of the workers"),
  "topology.worker.timeout.secs": honoured(
    null,
    orNothing(positive),
    "silence of a worker until it is killed, up to worker.max.timeout.secs",
  ),
  "topology.state.checkpoint.interval.ms": without(1000, positive, "ms between checkpoints", noState),
  "topology.state.provider": without(
    "org.apache.storm.state.InMemoryKeyValueStateProvider",
    text,
    "where state is kept",
    noState,
  ),
  "topology.trident.batch.emit.interval.millis": without(
    500,
    positive,
    "ms between batches",
    "Trident is not here yet",
  ),
  "topology.fall.back.on.java.serialization": without(
    false,
    flag,
    "Java's serialization",
    "values travel in a format of their own",
  ),
  "topology.kryo.register": without(
    null,
    { wants: "a list, or null", holds: (value) => value === null || Array.isArray(value) },
    "classes that travel",
    "values travel in a format of their own",
  ),
  "topology.blobstore.map": refused(
    null,
    orNothing(mapping),
    "blobs for the workers",
    "there is no distributed cache here",
  ),
  "topology.auto-credentials": refused(
    null,
    { wants: "a list, or null", holds: (value) => value === null || Array.isArray(value) },
    "credentials to fetch",
    "nothing is secured by credentials",
  ),
  "topology.metrics.consumer.register": refused(
    null,
    { wants: "a list, or null", holds: (value) => value === null || Array.isArray(value) },
    "who is told metrics",
    "there are no metrics consumers yet",
  ),
};

/** In a few words; docs/topologies.md tells more. */
function meanings(key: string): string {
  return key.startsWith("storm-lab.")
    ? "of storm-lab alone: executions of a task under way at once"
    : "see docs/topologies.md";
}

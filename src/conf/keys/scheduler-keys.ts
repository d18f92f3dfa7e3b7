/** What the schedulers and the blacklist go by. Source: Storm's defaults.yaml, Config and DaemonConfig, 2.8. */
import type { ConfRule as Rule } from "../../topology/index.ts";
import {
  atLeastOne,
  count,
  flag,
  honoured,
  type Keys,
  mapping,
  notNegative,
  oneOf,
  orNothing,
  positive,
  refused,
  text,
  texts,
  without,
} from "../key.ts";

const machines: Rule = {
  wants: "a mapping of names to whole numbers, 1 or more",
  holds: (value) => mapping.holds(value) && Object.values(value as object).every((one) => atLeastOne.holds(one)),
};
const amounts: Rule = {
  wants: "a mapping of names to numbers, 0 or more",
  holds: (value) => mapping.holds(value) && Object.values(value as object).every((one) => notNegative.holds(one)),
};
const pools: Rule = {
  wants: "a mapping of users to { cpu: …, memory: … }",
  holds: (value) => mapping.holds(value) && Object.values(value as object).every((one) => amounts.holds(one)),
};

const byResources = "resource-aware scheduler: ";

export const schedulerKeys: Keys = {
  "storm.scheduler": honoured(
    "org.apache.storm.scheduler.DefaultScheduler",
    oneOf(
      "org.apache.storm.scheduler.DefaultScheduler",
      "org.apache.storm.scheduler.EvenScheduler",
      "org.apache.storm.scheduler.IsolationScheduler",
      "org.apache.storm.scheduler.resource.ResourceAwareScheduler",
    ),
    "who gets which slot",
  ),
  "isolation.scheduler.machines": honoured({}, machines, "isolation scheduler: topology name → machines of its own"),
  "multitenant.scheduler.user.pools": refused(
    {},
    machines,
    "machines of users",
    "there is no multitenant scheduler here",
  ),
  "blacklist.scheduler.tolerance.time.secs": honoured(
    300,
    positive,
    "span in which a supervisor's absences are counted",
  ),
  "blacklist.scheduler.tolerance.count": honoured(3, atLeastOne, "rounds of absence after which it is avoided"),
  "blacklist.scheduler.resume.time.secs": honoured(
    1800,
    positive,
    "how long it is avoided, unless its slots are needed",
  ),
  "blacklist.scheduler.assume.supervisor.bad.based.on.bad.slot": honoured(
    true,
    flag,
    "a round with a dead worker counts as one of absence",
  ),
  "blacklist.scheduler.strategy": refused(
    "org.apache.storm.scheduler.blacklist.strategies.DefaultBlacklistStrategy",
    text,
    "who is avoided",
    "there is only this one",
  ),
  "blacklist.scheduler.reporter": without(
    "org.apache.storm.scheduler.blacklist.reporters.LogReporter",
    text,
    "who is told of it",
    "it stands in the log",
  ),
  "blacklist.scheduler.enable.send.assignment.failures": without(
    undefined,
    flag,
    "a failed push counts as absence",
    "only znodes and heartbeats count",
  ),
  "resource.aware.scheduler.user.pools": honoured(
    undefined,
    pools,
    `${byResources}cpu and memory that users are guaranteed`,
  ),
  "resource.aware.scheduler.priority.strategy": refused(
    "org.apache.storm.scheduler.resource.strategies.priority.DefaultSchedulingPriorityStrategy",
    text,
    `${byResources}in which order topologies are served`,
    "there is only this one",
  ),
  "resource.aware.scheduler.max.topology.scheduling.attempts": honoured(
    undefined,
    atLeastOne,
    `${byResources}searches for a topology, each with more of lower priority driven out; 5`,
  ),
  "resource.aware.scheduler.constraint.max.state.search": honoured(
    100_000,
    atLeastOne,
    `${byResources}most placements that a search tries`,
  ),
  "topology.ras.constraint.max.state.search": honoured(10_000, atLeastOne, `${byResources}the same, of a topology`),
  "scheduling.timeout.seconds.per.topology": without(
    undefined,
    positive,
    "most time of a search",
    "it is bounded by what it looks at, not by a clock",
  ),
  "topology.ras.constraint.max.time.secs": without(
    undefined,
    positive,
    "the same, of a topology",
    "it is bounded by what it looks at, not by a clock",
  ),
  "storm.worker.min.cpu.pcore.percent": honoured(0, notNegative, "what a worker is counted for at least"),
  "topology.ras.acker.executors.per.worker": honoured(1, count, `${byResources}ackers that a new worker gets`),
  "topology.ras.one.executor.per.worker": honoured(false, flag, `${byResources}a worker for each executor`),
  "topology.ras.one.component.per.worker": honoured(false, flag, `${byResources}no worker with two components`),
  "topology.ras.order.executors.by.proximity.needs": honoured(
    undefined,
    flag,
    `${byResources}from the spouts downwards instead of by connections`,
  ),
  "topology.ras.constraints": refused(
    undefined,
    mapping,
    "who must not be together",
    "there is no constraint solver here",
  ),
  "topology.spread.components": refused(undefined, texts, "who must be apart", "there is no constraint solver here"),
  "topology.scheduler.favored.nodes": honoured(undefined, texts, `${byResources}hosts that are tried first`),
  "topology.scheduler.unfavored.nodes": honoured(undefined, texts, `${byResources}hosts that are tried last`),
  "topology.isolate.machines": without(
    undefined,
    atLeastOne,
    "machines that a topology wants for itself",
    "isolation.scheduler.machines says it for all",
  ),
  "topology.component.resources.map": honoured(undefined, amounts, `${byResources}what an executor asks for, by name`),
  "topology.component.resources.onheap.memory.mb": honoured(128, notNegative, `${byResources}memory of an executor`),
  "topology.component.resources.offheap.memory.mb": honoured(0, notNegative, "the same outside of a heap"),
  "topology.component.cpu.pcore.percent": honoured(10, notNegative, `${byResources}cpu of an executor, 100 a core`),
  "topology.acker.resources.onheap.memory.mb": honoured(undefined, notNegative, "the same of an acker"),
  "topology.acker.resources.offheap.memory.mb": honoured(undefined, notNegative, "the same of an acker"),
  "topology.acker.cpu.pcore.percent": honoured(undefined, notNegative, "the same of an acker"),
  "topology.metrics.consumer.resources.onheap.memory.mb": honoured(undefined, notNegative, "of a metrics consumer"),
  "topology.metrics.consumer.resources.offheap.memory.mb": honoured(undefined, notNegative, "of a metrics consumer"),
  "topology.metrics.consumer.cpu.pcore.percent": honoured(undefined, notNegative, "of a metrics consumer"),
  "topology.worker.max.heap.size.mb": honoured(768, positive, `${byResources}most memory of the executors in a worker`),
  "topology.priority": honoured(29, count, `${byResources}0 is served first among the topologies of a user`),
  "topology.scheduler.strategy": honoured(
    "org.apache.storm.scheduler.resource.strategies.scheduling.DefaultResourceAwareStrategy",
    text,
    `${byResources}how it places; the generic one is the same`,
  ),
  "nimbus.scheduler.strategy.class.whitelist": without(
    undefined,
    orNothing(texts),
    "strategies that topologies may name",
    "there is only one",
  ),
  "storm.network.topography.plugin": refused(
    "org.apache.storm.networktopography.DefaultRackDNSToSwitchMapping",
    text,
    "which host stands in which rack",
    "all hosts are in one",
  ),
  "scheduler.display.resource": honoured(false, flag, "resources are shown although the scheduler does not count them"),
};

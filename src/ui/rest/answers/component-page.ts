/** `topology/{id}/component/{component}`. Source of every field: UIHelpers of Storm 2.8. */
import type {
  ComponentAggregateStats,
  ComponentPageInfo,
  ErrorInfo,
  ExecutorAggregateStats,
  GlobalStreamId,
  ProfileRequest,
} from "../../../wire/thrift/index.ts";
import type { ApiWorld } from "../api-world.ts";
import { decimals, uptimeText, urlEncoded, windowText } from "../pretty.ts";
import { flag, list, nullable, number, object, oneOf, optional, type ShapeType, text, whole } from "../shape.ts";
import { boltNumbers, commonNumbers, requestedOf, usualSamplingPct } from "./topology-page.ts";

const counts = { emitted: whole, transferred: whole, acked: whole, failed: whole };
const boltFields = { capacity: text, executeLatency: text, executed: whole, processLatency: text };
const windowFields = { window: text, windowPretty: text, ...counts };
const executorFields = {
  id: text,
  encodedId: text,
  uptime: text,
  uptimeSeconds: whole,
  host: text,
  port: whole,
  ...counts,
  workerLogLink: text,
};

export const componentPageShape = object({
  user: nullable(text),
  id: text,
  encodedId: text,
  name: text,
  componentType: oneOf("spout", "bolt"),
  executors: whole,
  tasks: whole,
  requestedMemOnHeap: optional(number),
  requestedMemOffHeap: optional(number),
  requestedCpu: optional(number),
  schedulerDisplayResource: flag,
  topologyId: text,
  topologyStatus: text,
  encodedTopologyId: text,
  window: text,
  windowHint: text,
  spoutSummary: optional(list(object({ ...windowFields, completeLatency: text, lastError: text }))),
  boltStats: optional(list(object({ ...windowFields, ...boltFields }))),
  inputStats: optional(
    list(
      object({
        component: text,
        encodedComponentId: text,
        stream: text,
        executeLatency: text,
        processLatency: text,
        executed: whole,
        acked: whole,
        failed: whole,
      }),
    ),
  ),
  outputStats: list(
    object({
      stream: text,
      emitted: whole,
      transferred: whole,
      completeLatency: optional(text),
      acked: optional(whole),
      failed: optional(whole),
    }),
  ),
  executorStats: list(
    object({
      ...executorFields,
      completeLatency: optional(text),
      capacity: optional(text),
      executeLatency: optional(text),
      executed: optional(whole),
      processLatency: optional(text),
    }),
  ),
  componentErrors: list(
    object({
      time: whole,
      error: text,
      errorHost: text,
      errorPort: nullable(whole),
      errorLapsedSecs: whole,
      errorWorkerLogLink: text,
    }),
  ),
  debug: flag,
  samplingPct: number,
  eventLogLink: optional(text),
  profilingAndDebuggingCapable: flag,
  profileActionEnabled: flag,
  profilerActive: list(object({ host: text, port: text, dumplink: text, timestamp: whole })),
});

export type ComponentPage = ShapeType<typeof componentPageShape>;

export function componentPage(
  page: ComponentPageInfo,
  asked: { readonly id: string; readonly component: string; readonly window: string },
  profiles: readonly ProfileRequest[],
  world: ApiWorld,
): ComponentPage {
  const { id, component, window } = asked;
  const { debug_options: debug, eventlog_host: host, eventlog_port: port } = page;
  const stats = page.component_type === "SPOUT" ? spoutPart(page, id, world) : boltPart(page, id, world);
  return {
    user: null,
    id: component,
    encodedId: urlEncoded(component),
    name: page.topology_name ?? "",
    componentType: page.component_type === "SPOUT" ? "spout" : "bolt",
    executors: page.num_executors ?? 0,
    tasks: page.num_tasks ?? 0,
    ...requestedOf(page.resources_map),
    schedulerDisplayResource: world.displaysResources,
    topologyId: id,
    topologyStatus: page.topology_status ?? "",
    encodedTopologyId: urlEncoded(id),
    window,
    windowHint: windowText(window),
    ...stats,
    componentErrors: errorsOf(page.errors ?? [], id, world),
    debug: debug?.enable ?? false,
    samplingPct: debug?.samplingpct ?? usualSamplingPct,
    ...(host === undefined || port === undefined ? {} : { eventLogLink: world.links.events(host, port, id) }),
    profilingAndDebuggingCapable: true,
    profileActionEnabled: world.conf.flag("worker.profiler.enabled"),
    profilerActive: profiles.map((request) => profileOf(request, id, world)),
  };
}

function spoutPart(page: ComponentPageInfo, id: string, world: ApiWorld) {
  return {
    spoutSummary: [...(page.window_to_stats ?? [])].map(([window, stats]) => ({
      window,
      windowPretty: windowText(window),
      ...commonNumbers(stats.common_stats),
      completeLatency: completeLatency(stats),
      lastError: stats.last_error?.error ?? "",
    })),
    outputStats: [...(page.sid_to_output_stats ?? [])].map(([stream, stats]) => ({
      stream,
      ...commonNumbers(stats.common_stats),
      completeLatency: completeLatency(stats),
    })),
    executorStats: (page.exec_stats ?? []).flatMap((each) =>
      executorOf(each, id, world, (stats) => ({ completeLatency: completeLatency(stats) })),
    ),
  };
}

function boltPart(page: ComponentPageInfo, id: string, world: ApiWorld) {
  return {
    boltStats: [...(page.window_to_stats ?? [])].map(([window, stats]) => ({
      window,
      windowPretty: windowText(window),
      ...commonNumbers(stats.common_stats),
      ...boltNumbers(stats),
    })),
    inputStats: (page.gsid_to_input_stats ?? []).map(([input, stats]) => inputOf(input, stats)),
    outputStats: [...(page.sid_to_output_stats ?? [])].map(([stream, { common_stats: common }]) => ({
      stream,
      emitted: common?.emitted ?? 0,
      transferred: common?.transferred ?? 0,
    })),
    executorStats: (page.exec_stats ?? []).flatMap((each) => executorOf(each, id, world, boltNumbers)),
  };
}

function inputOf({ componentId, streamId }: GlobalStreamId, stats: ComponentAggregateStats) {
  const { executeLatency, processLatency, executed } = boltNumbers(stats);
  const { acked, failed } = commonNumbers(stats.common_stats);
  return {
    component: componentId,
    encodedComponentId: urlEncoded(componentId),
    stream: streamId,
    executeLatency,
    processLatency,
    executed,
    acked,
    failed,
  };
}

function executorOf<T extends object>(
  { exec_summary: summary, stats = {} }: ExecutorAggregateStats,
  topologyId: string,
  { links }: ApiWorld,
  numbers: (stats: ComponentAggregateStats) => T,
) {
  if (summary === undefined) return [];
  const { host, port, uptime_secs: uptimeSeconds, executor_info: info } = summary;
  const id = `[${info.task_start}-${info.task_end}]`;
  return [
    {
      id,
      encodedId: urlEncoded(id),
      uptime: uptimeText(uptimeSeconds),
      uptimeSeconds,
      host,
      port,
      ...commonNumbers(stats.common_stats),
      ...numbers(stats),
      workerLogLink: links.worker(host, port, topologyId),
    },
  ];
}

/** Oldest first. */
function errorsOf(errors: readonly ErrorInfo[], id: string, { links, nowMs }: ApiWorld) {
  return [...errors]
    .sort((a, b) => a.error_time_secs - b.error_time_secs)
    .map(({ error, error_time_secs: secs, host = "", port }) => ({
      time: secs * 1000,
      error,
      errorHost: host,
      errorPort: port ?? null,
      errorLapsedSecs: Math.max(0, Math.floor(nowMs() / 1000) - secs),
      errorWorkerLogLink: host === "" || port === undefined ? "" : links.worker(host, port, id),
    }));
}

function profileOf({ nodeInfo, time_stamp: until = 0 }: ProfileRequest, id: string, { links, nowMs }: ApiWorld) {
  const [port = 0] = nodeInfo.port;
  return {
    host: nodeInfo.node,
    port: `${port}`,
    dumplink: links.dumps(nodeInfo.node, port, id),
    timestamp: nowMs() - until,
  };
}

function completeLatency({ specific_stats: specific }: ComponentAggregateStats): string {
  return decimals(specific?.spout?.complete_latency_ms ?? 0);
}

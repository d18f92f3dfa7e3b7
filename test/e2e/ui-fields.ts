/** The fields that Storm's UI answers with. Source: Storm's document of the REST API and UIHelpers, 2.8. `[]`: in a list; `/`: in it. */
const worker =
  "supervisorId host port topologyId topologyName executorsTotal componentNumTasks uptime uptimeSeconds assignedMemOnHeap " +
  "assignedMemOffHeap assignedCpu workerLogLink";
const supervisor =
  "id host uptime uptimeSeconds slotsTotal slotsUsed slotsFree totalMem totalCpu usedMem usedCpu version blacklisted logLink";
const topology =
  "id encodedId name owner status uptime uptimeSeconds tasksTotal workersTotal executorsTotal replicationCount requestedMemOnHeap " +
  "requestedMemOffHeap requestedTotalMem requestedCpu assignedMemOnHeap assignedMemOffHeap assignedTotalMem assignedCpu " +
  "schedulerInfo topologyVersion stormVersion";
const owner =
  "owner totalTopologies totalExecutors totalWorkers totalTasks totalMemoryUsage totalCpuUsage memoryGuarantee cpuGuarantee " +
  "isolatedNodes memoryGuaranteeRemaining cpuGuaranteeRemaining totalReqOnHeapMem totalReqOffHeapMem totalReqMem totalReqCpu " +
  "totalAssignedOnHeapMem totalAssignedOffHeapMem";
const error = "lastError errorHost errorPort errorTime errorLapsedSecs errorWorkerLogLink";
const counts = "emitted transferred acked failed";

/** By path; ID stands for the topology's id. */
export const stormUiFields: Readonly<Record<string, readonly string[]>> = {
  "cluster/configuration": ["nimbus.thrift.port", "storm.zookeeper.servers", "topology.message.timeout.secs"],
  "cluster/summary":
    "stormVersion supervisors topologies slotsTotal slotsUsed slotsFree executorsTotal tasksTotal schedulerDisplayResource totalMem \
totalCpu availMem availCpu fragmentedMem fragmentedCpu memAssignedPercentUtil cpuAssignedPercentUtil user".split(" "),
  "nimbus/summary": of("nimbuses[]", "host port status nimbusUpTime nimbusUpTimeSeconds nimbusLogLink version"),
  "supervisor/summary": [...of("supervisors[]", supervisor), "logviewerPort", "schedulerDisplayResource"],
  "supervisor?host=127.0.0.2": [...of("supervisors[]", supervisor), ...of("workers[]", worker), "logviewerPort"],
  "topology/summary": [...of("topologies[]", topology), "schedulerDisplayResource"],
  "topology-workers/ID": ["hostPortList[]/host", "hostPortList[]/port", "logviewerPort"],
  "topology/ID": [
    ...topology.split(" "),
    ..."window windowHint msgTimeout user debug samplingPct visualizationTable schedulerDisplayResource".split(" "),
    "configuration/topology.workers",
    ...of("topologyStats[]", `window windowPretty completeLatency ${counts}`),
    ...of("spouts[]", `spoutId encodedSpoutId executors tasks completeLatency ${counts} ${error}`),
    ...of(
      "bolts[]",
      `boltId encodedBoltId executors tasks capacity executeLatency executed processLatency ${counts} ${error}`,
    ),
    ...of("workers[]", worker),
  ],
  "topology/ID/metrics": [
    ..."window windowHint".split(" "),
    ...of("spouts[]/emitted[]", "stream_id value"),
    ...of("spouts[]", `id complete_ms_avg ${counts}`),
    ...of("bolts[]/executed[]", "component_id stream_id value"),
    ...of("bolts[]", `id process_ms_avg executed executed_ms_avg ${counts}`),
  ],
  "topology/ID/lag": [],
  "topology/ID/visualization-init": of("visualizationTable[]/:row[]", ":stream :sani-stream :checked"),
  "topology/ID/visualization": [
    ...of("split", ":type :capacity :latency :transferred :stats :link"),
    ...of("split/:inputs[]", ":component :stream :sani-stream :grouping"),
    ...of("spout/:stats[]", ":host :port :uptime_secs :transferred"),
  ],
  "topology/ID/component/split": [
    ..."id encodedId name componentType executors tasks topologyId topologyStatus encodedTopologyId window windowHint debug".split(
      " ",
    ),
    ..."samplingPct profilingAndDebuggingCapable profileActionEnabled profilerActive componentErrors".split(" "),
    ...of("boltStats[]", `window windowPretty executeLatency executed processLatency capacity ${counts}`),
    ...of("inputStats[]", "component encodedComponentId stream executeLatency processLatency executed acked failed"),
    ...of("outputStats[]", "stream emitted transferred"),
    ...of(
      "executorStats[]",
      `id encodedId uptime uptimeSeconds host port capacity executeLatency executed processLatency workerLogLink ${counts}`,
    ),
  ],
  "topology/ID/component/spout": [
    ...of("spoutSummary[]", `window windowPretty completeLatency ${counts}`),
    ...of("outputStats[]", `stream completeLatency ${counts}`),
    ...of("executorStats[]", `id encodedId uptime host port completeLatency workerLogLink ${counts}`),
  ],
  "topology/ID/logconfig": ["namedLoggerLevels"],
  "owner-resources": [...of("owners[]", owner), "schedulerDisplayResource"],
  "owner-resources/OWNER": [...owner.split(" "), ...of("topologies[]", topology)],
  "history/summary": ["topo-history"],
};

/** Those that `value` does not have; one of the things in a list must have it. */
export function missingFields(value: unknown, fields: readonly string[]): string[] {
  return fields.filter((field) => !has(value, field.split("/")));
}

function has(value: unknown, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return true;
  const name = step.replace(/\[\]$/, "");
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return false;
  const found = (value as Record<string, unknown>)[name];
  return name === step ? has(found, rest) : Array.isArray(found) && found.some((one) => has(one, rest));
}

function of(place: string, names: string): string[] {
  return names.split(" ").map((name) => `${place}/${name}`);
}

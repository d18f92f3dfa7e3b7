/** Calls that only ask. Any nimbus answers them from ZooKeeper and its own copy of the code. Source: Nimbus of Storm 2.8. */
import type { Handlers } from "../../rpc/index.ts";
import {
  AlreadyAliveException,
  type ErrorInfo,
  InvalidTopologyException,
  type Nimbus,
  type NumErrorsChoice,
  type ProfileRequest,
  type TopologyInfo,
} from "../../wire/thrift/index.ts";
import { executorName } from "../heartbeats.ts";
import type { NimbusParts } from "../nimbus-parts.ts";
import { type ExecutorPlace, slotName } from "../stats/executor-beats.ts";
import { systemTopology } from "../system-topology.ts";
import { notAlive, topologyId } from "../topology-names.ts";
import { validateName } from "../validate-topology.ts";
import { clusterSummary, nimbusSummaries, ownerSummaries, topologySummaries, topologySummary } from "./summaries.ts";
import { stored } from "./topology-calls.ts";
import { given, type TopologyView, viewTopology } from "./topology-view.ts";

type QuestionCalls = Pick<
  Required<Handlers<typeof Nimbus.methods>>,
  | "getNimbusConf"
  | "getClusterInfo"
  | "getTopologySummaries"
  | "getTopologySummaryByName"
  | "getTopologySummary"
  | "getLeader"
  | "isTopologyNameAllowed"
  | "getTopologyInfo"
  | "getTopologyInfoByName"
  | "getTopologyInfoWithOpts"
  | "getTopologyInfoByNameWithOpts"
  | "getTopologyConf"
  | "getTopology"
  | "getUserTopology"
  | "getLogConfig"
  | "getComponentPendingProfileActions"
  | "getTopologyHistory"
  | "getOwnerResourceSummaries"
>;

export function questionCalls(parts: NimbusParts): QuestionCalls {
  const { state, conf, submissions, history } = parts;
  const info = async (id: string, choice: NumErrorsChoice = "ALL") =>
    topologyInfo(parts, await viewTopology(parts, id), choice);
  const summary = async (id: string, asked: string) => {
    const base = await state.storm(id);
    if (base === null) throw notAlive(asked);
    return topologySummary(parts, id, base);
  };
  return {
    getNimbusConf: () => JSON.stringify(conf.values),
    getClusterInfo: () => clusterSummary(parts),
    getTopologySummaries: () => topologySummaries(parts),
    getTopologySummaryByName: async ({ name }) => summary(await topologyId(state, name), name),
    getTopologySummary: ({ id }) => summary(id, id),
    getLeader: async () => (await nimbusSummaries(parts)).find(({ isLeader }) => isLeader) ?? null,
    async isTopologyNameAllowed({ name }) {
      try {
        validateName(name);
        await submissions.assertFree(name);
        return true;
      } catch (error) {
        if (InvalidTopologyException.is(error) || AlreadyAliveException.is(error)) return false;
        throw error;
      }
    },
    getTopologyInfo: ({ id }) => info(id),
    getTopologyInfoByName: async ({ name }) => info(await topologyId(state, name)),
    getTopologyInfoWithOpts: ({ id, options }) => info(id, options.num_err_choice),
    getTopologyInfoByNameWithOpts: async ({ name, options }) =>
      info(await topologyId(state, name), options.num_err_choice),
    getTopologyConf: async ({ id }) => JSON.stringify((await stored(parts, id)).conf),
    async getTopology({ id }) {
      const found = await stored(parts, id);
      return systemTopology({ ...conf.values, ...found.conf }, found.topology);
    },
    getUserTopology: async ({ id }) => (await stored(parts, id)).topology,
    async getLogConfig({ name: id }) {
      await stored(parts, id);
      return (await state.logConfig(id)) ?? {};
    },
    getComponentPendingProfileActions: async ({ id, component_id, action }) =>
      pendingProfileActions(await viewTopology(parts, id), await state.profileRequests(id), component_id, action),
    async getTopologyHistory() {
      const past = (await history.list()).map(({ topology_id }) => topology_id);
      return { topo_ids: [...new Set([...(await state.assignments()), ...past])] };
    },
    getOwnerResourceSummaries: ({ owner }) => ownerSummaries(parts, owner),
  };
}

async function topologyInfo(parts: NimbusParts, view: TopologyView, choice: NumErrorsChoice): Promise<TopologyInfo> {
  const { base, topology, places, beats } = view;
  const beatOf = new Map(beats.map((beat) => [executorName(beat.executor), beat]));
  return {
    id: view.id,
    name: view.name,
    uptime_secs: view.uptimeSecs,
    status: base.status,
    executors: places.map(({ executor, componentId, host, port }) => {
      const beat = beatOf.get(executorName(executor));
      return {
        executor_info: { task_start: executor[0], task_end: executor[1] },
        component_id: componentId,
        host,
        port,
        uptime_secs: beat?.uptimeSecs ?? 0,
        ...given("stats", beat?.stats),
      };
    }),
    errors: await errorsOf(parts, view, choice),
    replication_count: view.replication,
    ...given("component_debug", base.component_debug),
    ...given("storm_version", topology.storm_version),
    ...given("sched_status", view.schedStatus),
    ...given("owner", base.owner),
    ...view.resources,
  };
}

async function errorsOf(
  { state }: NimbusParts,
  { id, components }: TopologyView,
  choice: NumErrorsChoice,
): Promise<Map<string, readonly ErrorInfo[]>> {
  const read = async (component: string): Promise<readonly ErrorInfo[]> => {
    if (choice === "NONE") return [];
    if (choice === "ALL") return state.errors(id, component);
    const last = await state.lastError(id, component);
    return last === null ? [] : [last];
  };
  const ids = [...new Set(components.values())];
  const errors = await Promise.all(ids.map(read));
  return new Map(ids.map((component, index) => [component, errors[index] ?? []]));
}

/** Of the workers that run the component: the newest request of this action each. */
function pendingProfileActions(
  { places }: { readonly places: readonly ExecutorPlace[] },
  requests: readonly ProfileRequest[],
  componentId: string,
  action: ProfileRequest["action"],
): ProfileRequest[] {
  const workers = new Set(
    places.filter((place) => place.componentId === componentId).map(({ host, port }) => slotName(host, port)),
  );
  return requests.filter(({ nodeInfo, action: each }) => {
    const port = [...nodeInfo.port][0] ?? 0;
    return each === action && workers.has(slotName(nodeInfo.node, port));
  });
}

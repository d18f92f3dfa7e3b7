/** Everything that only asks. Source of the paths: Storm 2.8, StormApiResource. */

import { clusterSummary, clusterSummaryShape, nimbusSummary, nimbusSummaryShape } from "./answers/cluster.ts";
import { componentPage, componentPageShape } from "./answers/component-page.ts";
import { logConfig, logConfigShape } from "./answers/log-config.ts";
import {
  supervisorPage,
  supervisorPageShape,
  supervisorSummary,
  supervisorSummaryShape,
  topologyWorkers,
  topologyWorkersShape,
} from "./answers/supervisors.ts";
import {
  history,
  historyShape,
  ownerPage,
  ownerShape,
  owners,
  ownersShape,
  topologies,
  topologiesShape,
} from "./answers/topologies.ts";
import { topologyMetrics, topologyMetricsShape } from "./answers/topology-metrics.ts";
import { topologyPage, topologyPageShape } from "./answers/topology-page.ts";
import {
  visualization,
  visualizationInit,
  visualizationInitShape,
  visualizationShape,
} from "./answers/visualization.ts";
import type { ApiWorld } from "./api-world.ts";
import { type ApiCall, get, type Route } from "./route.ts";
import { anything, record } from "./shape.ts";

export const readRoutes: readonly Route[] = [
  get("cluster/configuration", "nimbus' storm.yaml with all defaults", record(anything), async ({ nimbus }) =>
    JSON.parse(await nimbus.getNimbusConf({})),
  ),
  get("cluster/summary", "the cluster in numbers", clusterSummaryShape, async (world) =>
    clusterSummary(await world.nimbus.getClusterInfo({}), world),
  ),
  get("nimbus/summary", "the nimbuses, and who leads", nimbusSummaryShape, async (world) =>
    nimbusSummary(await world.nimbus.getClusterInfo({}), world),
  ),
  get("supervisor/summary", "the supervisors", supervisorSummaryShape, async (world) =>
    supervisorSummary((await world.nimbus.getClusterInfo({})).supervisors, world),
  ),
  get("supervisor", "one supervisor by id, or those of a host, with their workers", supervisorPageShape, supervisor, [
    "id",
    "host",
    "sys",
  ]),
  get("topology/summary", "the topologies", topologiesShape, async (world) =>
    topologies((await world.nimbus.getClusterInfo({})).topologies, world),
  ),
  get("topology-workers/{id}", "where a topology runs", topologyWorkersShape, async (world, { params: { id = "" } }) =>
    topologyWorkers(await world.nimbus.getTopologyInfo({ id }), world),
  ),
  get("topology/{id}", "a topology with its numbers, components and workers", topologyPageShape, topology, [
    "window",
    "sys",
  ]),
  get("topology/{id}/metrics", "its numbers by component and stream", topologyMetricsShape, metrics, ["window", "sys"]),
  get("topology/{id}/lag", "how far its Kafka spouts are behind; it can have none here", record(anything), lag),
  get("topology/{id}/visualization-init", "the streams of its graph", visualizationInitShape, drawnStreams, [
    "window",
    "sys",
  ]),
  get("topology/{id}/visualization", "its graph", visualizationShape, drawn, ["window", "sys"]),
  get("topology/{id}/component/{component}", "one component with its executors", componentPageShape, component, [
    "window",
    "sys",
  ]),
  get("topology/{id}/logconfig", "the levels of its loggers", logConfigShape, async ({ nimbus }, { params }) =>
    logConfig(await nimbus.getLogConfig({ name: params.id ?? "" })),
  ),
  get("owner-resources", "what each owner has", ownersShape, async (world) =>
    owners(await world.nimbus.getOwnerResourceSummaries({}), world),
  ),
  get("owner-resources/{id}", "what one owner has", ownerShape, owner),
  get("history/summary", "every topology that there was", historyShape, async ({ nimbus }) =>
    history(await nimbus.getTopologyHistory({ user: "" })),
  ),
];

type Asked = ApiCall<null>;

async function supervisor(world: ApiWorld, { query, sys }: Asked) {
  const id = query.get("id");
  const host = query.get("host");
  return supervisorPage(await world.nimbus.getSupervisorPageInfo({ id, host, is_include_sys: sys }), world);
}

async function topology(world: ApiWorld, { params: { id = "" }, window, sys }: Asked) {
  return topologyPage(await world.nimbus.getTopologyPageInfo({ id, window, is_include_sys: sys }), window, world);
}

async function metrics({ nimbus }: ApiWorld, { params: { id = "" }, window, sys }: Asked) {
  const [info, shape] = await Promise.all([infoOf(nimbus, id), nimbus.getTopology({ id })]);
  return topologyMetrics(info, shape, window, sys);
}

/** Only Kafka spouts have one; that there is such a topology is asked all the same. */
async function lag({ nimbus }: ApiWorld, { params: { id = "" } }: Asked) {
  await nimbus.getTopologySummary({ id });
  return {};
}

async function drawnStreams({ nimbus }: ApiWorld, { params: { id = "" }, sys }: Asked) {
  return visualizationInit(await nimbus.getTopology({ id }), sys);
}

async function drawn({ nimbus }: ApiWorld, { params: { id = "" }, window, sys }: Asked) {
  const [info, page, topology] = await Promise.all([
    infoOf(nimbus, id),
    nimbus.getTopologyPageInfo({ id, window, is_include_sys: sys }),
    nimbus.getTopology({ id }),
  ]);
  return visualization({ info, page, topology }, window, sys);
}

async function component(world: ApiWorld, { params: { id = "", component = "" }, window, sys }: Asked) {
  const asked = { topology_id: id, component_id: encodeURIComponent(component), window, is_include_sys: sys };
  const [page, profiles] = await Promise.all([
    world.nimbus.getComponentPageInfo(asked),
    world.nimbus.getComponentPendingProfileActions({ id, component_id: component, action: "JPROFILE_STOP" }),
  ]);
  return componentPage(page, { id, component, window }, profiles, world);
}

async function owner(world: ApiWorld, { params: { id = "" } }: Asked) {
  const [found, { topologies: all }] = await Promise.all([
    world.nimbus.getOwnerResourceSummaries({ owner: id }),
    world.nimbus.getClusterInfo({}),
  ]);
  return ownerPage(id, found, all, world);
}

function infoOf(nimbus: ApiWorld["nimbus"], id: string) {
  return nimbus.getTopologyInfoWithOpts({ id, options: { num_err_choice: "NONE" } });
}

/** What clients read of the ui daemon's answers is what it promises: held by the types, for each answer is checked by its shape. */
import assert from "node:assert/strict";
import { it } from "node:test";
import type { UiAnswers, UiComponent, UiGraph, UiTopology, UiTopologyMetrics } from "../../../src/client/index.ts";
import { routeFor } from "../../../src/ui/index.ts";
import type { clusterSummaryShape, nimbusSummaryShape } from "../../../src/ui/rest/answers/cluster.ts";
import type { componentPageShape } from "../../../src/ui/rest/answers/component-page.ts";
import type { supervisorSummaryShape } from "../../../src/ui/rest/answers/supervisors.ts";
import type { topologiesShape } from "../../../src/ui/rest/answers/topologies.ts";
import type { topologyMetricsShape } from "../../../src/ui/rest/answers/topology-metrics.ts";
import type { topologyPageShape } from "../../../src/ui/rest/answers/topology-page.ts";
import type { visualizationShape } from "../../../src/ui/rest/answers/visualization.ts";
import type { Shape } from "../../../src/ui/rest/shape.ts";

type Promised<Read, S> = S extends Shape<infer Told> ? (Told extends Read ? true : false) : false;

const held: {
  readonly "cluster/summary": Promised<UiAnswers["cluster/summary"], typeof clusterSummaryShape>;
  readonly "nimbus/summary": Promised<UiAnswers["nimbus/summary"], typeof nimbusSummaryShape>;
  readonly "supervisor/summary": Promised<UiAnswers["supervisor/summary"], typeof supervisorSummaryShape>;
  readonly "topology/summary": Promised<UiAnswers["topology/summary"], typeof topologiesShape>;
  readonly "topology/id": Promised<UiTopology, typeof topologyPageShape>;
  readonly "topology/id/metrics": Promised<UiTopologyMetrics, typeof topologyMetricsShape>;
  readonly "topology/id/visualization": Promised<UiGraph, typeof visualizationShape>;
  readonly "topology/id/component/c": Promised<UiComponent, typeof componentPageShape>;
} = {
  "cluster/summary": true,
  "nimbus/summary": true,
  "supervisor/summary": true,
  "topology/summary": true,
  "topology/id": true,
  "topology/id/metrics": true,
  "topology/id/visualization": true,
  "topology/id/component/c": true,
};

it("clients read what the daemon promises, on paths that it has", () => {
  for (const path of Object.keys(held)) assert.ok(!Array.isArray(routeFor("GET", path.split("/"))), path);
});

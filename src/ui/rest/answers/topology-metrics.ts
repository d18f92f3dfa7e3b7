/** `topology/{id}/metrics`. Source of every field: Storm's document of the REST API. */
import type { ExecutorSummary, StormTopology, TopologyInfo } from "../../../wire/thrift/index.ts";
import { decimals, windowText } from "../pretty.ts";
import { list, object, type Shape, type ShapeType, text, whole } from "../shape.ts";
import { type InputNumber, streamNumbers } from "./stream-numbers.ts";

const byStream = <T>(value: Shape<T>) => list(object({ stream_id: text, value }));
const byInput = <T>(value: Shape<T>) => list(object({ component_id: text, stream_id: text, value }));

export const topologyMetricsShape = object({
  window: text,
  windowHint: text,
  spouts: list(
    object({
      id: text,
      emitted: byStream(whole),
      transferred: byStream(whole),
      acked: byStream(whole),
      failed: byStream(whole),
      complete_ms_avg: byStream(text),
    }),
  ),
  bolts: list(
    object({
      id: text,
      emitted: byStream(whole),
      transferred: byStream(whole),
      acked: byInput(whole),
      failed: byInput(whole),
      process_ms_avg: byInput(text),
      executed: byInput(whole),
      executed_ms_avg: byInput(text),
    }),
  ),
});

export function topologyMetrics(
  { executors }: TopologyInfo,
  topology: StormTopology,
  window: string,
  includesSystem: boolean,
): ShapeType<typeof topologyMetricsShape> {
  const ofComponent = (id: string) => streamNumbers(executorsOf(executors, id), window);
  const shown = (name: string) => includesSystem || !isSystemId(name);
  const streams = (numbers: ReadonlyMap<string, number>) =>
    [...numbers].filter(([stream]) => shown(stream)).map(([stream_id, value]) => ({ stream_id, value }));
  return {
    window,
    windowHint: windowText(window),
    spouts: [...topology.spouts.keys()].map((id) => {
      const { emitted, transferred, spout } = ofComponent(id);
      return {
        id,
        emitted: streams(emitted),
        transferred: streams(transferred),
        acked: streams(spout.acked),
        failed: streams(spout.failed),
        complete_ms_avg: streams(spout.completeMs).map(asText),
      };
    }),
    bolts: [...topology.bolts.keys()].filter(shown).map((id) => {
      const { emitted, transferred, bolt } = ofComponent(id);
      const inputs = (all: readonly InputNumber[]) =>
        all
          .filter(({ streamId }) => shown(streamId))
          .map(({ componentId, streamId, value }) => ({ component_id: componentId, stream_id: streamId, value }));
      return {
        id,
        emitted: streams(emitted),
        transferred: streams(transferred),
        acked: inputs(bolt.acked),
        failed: inputs(bolt.failed),
        process_ms_avg: inputs(bolt.processMs).map(asText),
        executed: inputs(bolt.executed),
        executed_ms_avg: inputs(bolt.executeMs).map(asText),
      };
    }),
  };
}

export function executorsOf(executors: readonly ExecutorSummary[], component: string): ExecutorSummary[] {
  return executors.filter((each) => each.component_id === component);
}

/** Of components and streams. */
export function isSystemId(id: string): boolean {
  return id.startsWith("__");
}

function asText<T extends { readonly value: number }>(each: T) {
  return { ...each, value: decimals(each.value) };
}

/** `topology/{id}/visualization`, `…/visualization-init`: the graph of a topology. Source of every field: UIHelpers of Storm 2.8. */
import type {
  ComponentCommon,
  ExecutorSummary,
  StormTopology,
  TopologyInfo,
  TopologyPageInfo,
} from "../../../wire/thrift/index.ts";
import { flag, list, nullable, number, object, oneOf, record, type ShapeType, text, whole } from "../shape.ts";
import { streamNumbers } from "./stream-numbers.ts";
import { executorsOf, isSystemId } from "./topology-metrics.ts";

const numbers = record(number);

const componentShape = object({
  ":type": oneOf("spout", "bolt"),
  ":capacity": number,
  /** By stream; of a bolt by `component:stream` that it comes from. */
  ":latency": numbers,
  ":transferred": numbers,
  ":stats": list(
    object({ ":host": text, ":port": whole, ":uptime_secs": whole, ":transferred": nullable(record(numbers)) }),
  ),
  ":link": text,
  ":inputs": list(object({ ":component": text, ":stream": text, ":sani-stream": text, ":grouping": text })),
});

export const visualizationShape = record(componentShape);

const stream = object({ ":stream": text, ":sani-stream": text, ":checked": flag });
export const visualizationInitShape = object({ visualizationTable: list(object({ ":row": list(stream) })) });

export interface Drawn {
  readonly info: TopologyInfo;
  readonly page: TopologyPageInfo;
  readonly topology: StormTopology;
}

export function visualization(
  { info, page, topology }: Drawn,
  window: string,
  includesSystem: boolean,
): ShapeType<typeof visualizationShape> {
  const shape = (type: "spout" | "bolt", id: string, { inputs }: ComponentCommon) => {
    const executors = executorsOf(info.executors, id);
    const { transferred, spout, bolt } = streamNumbers(executors, window);
    const latency =
      type === "spout"
        ? Object.fromEntries(spout.completeMs)
        : Object.fromEntries(bolt.processMs.map((each) => [`${each.componentId}:${each.streamId}`, each.value]));
    return {
      ":type": type,
      ":capacity": page.id_to_bolt_agg_stats?.get(id)?.specific_stats?.bolt?.capacity ?? 0,
      ":latency": latency,
      ":transferred": Object.fromEntries(transferred),
      ":stats": executors.map(executorOf),
      ":link": `/#/topology/${encodeURIComponent(info.id)}/component/${encodeURIComponent(id)}`,
      ":inputs": inputs.map(([{ componentId, streamId }, grouping]) => ({
        ":component": componentId,
        ":stream": streamId,
        ":sani-stream": sanitized(streamId),
        ":grouping": Object.keys(grouping)[0] ?? "none",
      })),
    };
  };
  const shown = <T>([id]: readonly [string, T]) => includesSystem || !isSystemId(id);
  return Object.fromEntries([
    ...[...topology.spouts].map(([id, { common }]) => [id, shape("spout", id, common)] as const),
    ...[...topology.bolts].filter(shown).map(([id, { common }]) => [id, shape("bolt", id, common)] as const),
  ]);
}

/** Every stream that somebody subscribes to, four in a row. */
export function visualizationInit(
  topology: StormTopology,
  includesSystem: boolean,
): ShapeType<typeof visualizationInitShape> {
  const all = [...topology.spouts.values(), ...topology.bolts.values()];
  const names = new Set(all.flatMap(({ common }) => common.inputs.map(([{ streamId }]) => streamId)));
  const streams = [...names]
    .filter((name) => includesSystem || !isSystemId(name))
    .sort()
    .map((name) => ({ ":stream": name, ":sani-stream": sanitized(name), ":checked": !isSystemId(name) }));
  const rows = Array.from({ length: Math.ceil(streams.length / rowLength) }, (_, row) => ({
    ":row": streams.slice(row * rowLength, (row + 1) * rowLength),
  }));
  return { visualizationTable: rows };
}

const rowLength = 4;

function executorOf({ host, port, uptime_secs, stats }: ExecutorSummary) {
  const transferred = [...(stats?.transferred ?? [])].map(
    ([window, streams]) =>
      [window, Object.fromEntries([...streams].map(([name, value]) => [sanitized(name), value]))] as const,
  );
  return {
    ":host": host,
    ":port": port,
    ":uptime_secs": uptime_secs,
    ":transferred": stats === undefined ? null : Object.fromEntries(transferred),
  };
}

/** A name that CSS and HTML take as an id; one that begins with no letter gets one. */
function sanitized(name: string): string {
  const begun = /^[A-Za-z]/.test(name) ? name : `_s${name}`;
  return begun.replace(/[^A-Za-z_\-:.]/g, "_");
}

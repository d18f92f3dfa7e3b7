/** What a component's executors counted in one window, stream by stream. Pure. */
import type { ExecutorSummary, GlobalStreamId } from "../../../wire/thrift/index.ts";

export interface StreamNumbers {
  readonly emitted: ReadonlyMap<string, number>;
  readonly transferred: ReadonlyMap<string, number>;
  readonly spout: {
    readonly acked: ReadonlyMap<string, number>;
    readonly failed: ReadonlyMap<string, number>;
    readonly completeMs: ReadonlyMap<string, number>;
  };
  /** By input. */
  readonly bolt: {
    readonly acked: readonly InputNumber[];
    readonly failed: readonly InputNumber[];
    readonly executed: readonly InputNumber[];
    readonly processMs: readonly InputNumber[];
    readonly executeMs: readonly InputNumber[];
  };
}

export interface InputNumber extends GlobalStreamId {
  readonly value: number;
}

export function streamNumbers(executors: readonly ExecutorSummary[], window: string): StreamNumbers {
  const stats = executors.flatMap((each) => (each.stats === undefined ? [] : [each.stats]));
  const spouts = stats.flatMap(({ specific }) => specific.spout ?? []);
  const bolts = stats.flatMap(({ specific }) => specific.bolt ?? []);
  const spoutAcked = spouts.map(({ acked }) => acked.get(window) ?? new Map<string, number>());
  const acked = bolts.map((each) => byInput(each.acked.get(window)));
  const executed = bolts.map((each) => byInput(each.executed.get(window)));
  return {
    emitted: sums(stats.map(({ emitted }) => emitted.get(window) ?? new Map())),
    transferred: sums(stats.map(({ transferred }) => transferred.get(window) ?? new Map())),
    spout: {
      acked: sums(spoutAcked),
      failed: sums(spouts.map(({ failed }) => failed.get(window) ?? new Map())),
      completeMs: averages(
        spouts.map((each) => each.complete_ms_avg.get(window) ?? new Map()),
        spoutAcked,
      ),
    },
    bolt: {
      acked: inputs(sums(acked)),
      failed: inputs(sums(bolts.map(({ failed }) => byInput(failed.get(window))))),
      executed: inputs(sums(executed)),
      processMs: inputs(
        averages(
          bolts.map((each) => byInput(each.process_ms_avg.get(window))),
          acked,
        ),
      ),
      executeMs: inputs(
        averages(
          bolts.map((each) => byInput(each.execute_ms_avg.get(window))),
          executed,
        ),
      ),
    },
  };
}

type Numbers = ReadonlyMap<string, number>;

function sums(all: readonly Numbers[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const numbers of all) for (const [key, value] of numbers) sum.set(key, (sum.get(key) ?? 0) + value);
  return sum;
}

/** Of averages, each over as many as `counts` says. */
function averages(all: readonly Numbers[], counts: readonly Numbers[]): Map<string, number> {
  const weighed = all.map(
    (numbers, at) => new Map([...numbers].map(([key, ms]) => [key, ms * (counts[at]?.get(key) ?? 0)])),
  );
  const total = sums(counts);
  return new Map([...sums(weighed)].map(([key, sum]) => [key, sum === 0 ? 0 : sum / (total.get(key) ?? 1)]));
}

/** No id has a line end in it. */
function byInput(pairs: readonly (readonly [GlobalStreamId, number])[] | undefined): Map<string, number> {
  return new Map((pairs ?? []).map(([{ componentId, streamId }, value]) => [`${componentId}\n${streamId}`, value]));
}

function inputs(numbers: Numbers): InputNumber[] {
  return [...numbers].map(([key, value]) => {
    const [componentId = "", streamId = ""] = key.split("\n");
    return { componentId, streamId, value };
  });
}

/**
 * Reads what a daemon tells Prometheus, and takes nothing that the format does not allow: a stock parser is not at hand.
 * Source: Prometheus, Exposition formats, text-based format 0.0.4.
 */
import assert from "node:assert/strict";
import type { Runtime } from "../../src/base/index.ts";

export interface ScrapedFamily {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: [""],
  gauge: [""],
  histogram: ["_bucket", "_sum", "_count"],
  summary: ["", "_sum", "_count"],
};

/** Throws AssertionError where the text is not of the format. */
export function parsePrometheus(text: string): ReadonlyMap<string, ScrapedFamily> {
  const families = new Map<string, ScrapedFamily & { readonly samples: Sample[] }>();
  assert.ok(text.endsWith("\n"), "the last line has an end");
  let help: readonly string[] | null = null;
  let family: { readonly name: string; readonly type: string; readonly samples: Sample[] } | null = null;
  const seen = new Set<string>();
  for (const line of text.slice(0, -1).split("\n")) {
    if (line.startsWith("# HELP ")) {
      const [, name = "", words = ""] = must(/^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/s.exec(line), line);
      assert.ok(help === null, `${name}: HELP after HELP`);
      help = [name, unescaped(words, "\\n", line)];
    } else if (line.startsWith("# ")) {
      const [, name = "", type = ""] = must(/^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line), line);
      assert.equal(name, help?.[0], "TYPE is that of the HELP before");
      assert.ok(!families.has(name), `${name} is told once`);
      family = { name, type, samples: [] };
      families.set(name, { help: help?.[1] ?? "", type, samples: family.samples });
      help = null;
    } else {
      const sample = sampleOf(line);
      assert.ok(help === null && family !== null, `${line}: after its TYPE`);
      const names = (suffixes[family.type] ?? []).map((suffix) => `${family?.name}${suffix}`);
      assert.ok(names.includes(sample.name), `${sample.name} is of ${family.name}`);
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      assert.ok(!seen.has(key), `${line}: told twice`);
      seen.add(key);
      family.samples.push(sample);
    }
  }
  for (const [name, each] of families) if (each.type === "histogram") checkHistogram(name, each.samples);
  return families;
}

/** What `GET /metrics` answers. Not bounded in time: the caller is. */
export async function scrapeMetrics(
  { net }: Pick<Runtime, "net">,
  host: string,
  port: number,
): Promise<ReadonlyMap<string, ScrapedFamily>> {
  const parts: Uint8Array[] = [];
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const socket = await net.connect({ host, port, timeoutMs: 5000 });
  socket.handle({ data: (bytes) => void parts.push(bytes), close: () => resolve() });
  socket.write(Buffer.from(`GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`));
  await closed;
  const text = Buffer.concat(parts).toString("utf8");
  const end = text.indexOf("\r\n\r\n");
  const head = text.slice(0, end);
  assert.match(head, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(head, /Content-Type: text\/plain; version=0\.0\.4; charset=utf-8/);
  return parsePrometheus(text.slice(end + 4));
}

/** The sum of all series that have these labels, and perhaps others. */
export function sumOf(
  families: ReadonlyMap<string, ScrapedFamily>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const samples = [...families.values()].flatMap((family) => family.samples);
  const found = samples.filter(
    (each) => each.name === name && Object.entries(labels).every(([key, value]) => each.labels[key] === value),
  );
  return found.reduce((sum, { value }) => sum + value, 0);
}

function sampleOf(line: string): Sample {
  const [, name = "", inner, number = ""] = must(/^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s.exec(line), line);
  const labels: Record<string, string> = {};
  let rest = inner ?? "";
  while (rest !== "") {
    const [whole, key = "", value = ""] = must(
      /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)/s.exec(rest),
      line,
    );
    assert.ok(!(key in labels), `${line}: ${key} twice`);
    labels[key] = unescaped(value, '\\n"', line);
    rest = rest.slice(whole.length);
  }
  return { name, labels, value: numberOf(number, line) };
}

function unescaped(text: string, allowed: string, line: string): string {
  return text.replace(/\\(.?)/gs, (_, character: string) => {
    assert.ok(character !== "" && allowed.includes(character), `${line}: \\${character}`);
    return character === "n" ? "\n" : character;
  });
}

function numberOf(text: string, line: string): number {
  if (/^[+-]Inf$/.test(text)) return text === "+Inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  if (text === "NaN") return Number.NaN;
  assert.match(text, /^-?\d+(\.\d+)?(e[+-]\d+)?$/, line);
  return Number(text);
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const buckets = Map.groupBy(
    samples.filter((each) => each.name === `${name}_bucket`),
    ({ labels: { le: _, ...others } }) => JSON.stringify(others),
  );
  for (const [labels, each] of buckets) {
    const bounds = each.map((bucket) => numberOf(bucket.labels.le ?? "", name));
    const counts = each.map(({ value }) => value);
    const ascends = (numbers: readonly number[]) =>
      numbers.every((number, index) => number >= (numbers[index - 1] ?? 0));
    assert.ok(ascends(bounds) && ascends(counts), `${name}${labels}: buckets ascend`);
    assert.equal(bounds.at(-1), Number.POSITIVE_INFINITY);
    const of = (suffix: string) =>
      samples.find((one) => one.name === name + suffix && JSON.stringify(one.labels) === labels)?.value;
    assert.equal(of("_count"), counts.at(-1), `${name}${labels}: all are counted`);
    assert.notEqual(of("_sum"), undefined);
  }
}

function must(match: RegExpExecArray | null, line: string): RegExpExecArray {
  assert.ok(match !== null, `not of the format: ${line}`);
  return match;
}

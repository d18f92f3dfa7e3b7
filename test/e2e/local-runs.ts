/** Runs of `storm-lab local` in tests: topology files written on the spot, the last line as JSON, and the processes of a run. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RunningProcess, repositoryRoot, startStormLab, type TemporaryDirectory } from "../kit/index.ts";

export const timeoutMs = 60_000;
/** Neither colours nor stacks, whatever the shell of the tests has. */
export const plain = { NO_COLOR: undefined, FORCE_COLOR: undefined, STORM_LAB_VERBOSE: undefined };
export const solution = join(repositoryRoot, "labs", "word-count", "solution", "topology.ts");
export const starter = join(repositoryRoot, "labs", "word-count", "starter", "topology.ts");

export interface JsonResult {
  readonly counts: Readonly<Record<string, number>>;
  readonly invalidUtf8Lines: number;
  readonly seconds: number;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function startLocal(args: readonly string[], env: Readonly<Record<string, string>> = {}): RunningProcess {
  return startStormLab(["local", ...args], { env: { ...plain, ...env } });
}

/** Runs to a good end; the result of the last line. */
export async function localJson(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{
  readonly result: JsonResult;
  readonly stderr: string;
}> {
  await using run = startLocal([...args, "--output", "json"], env);
  await run.assertExit(0, timeoutMs);
  const lines = run.stdout.trimEnd().split("\n");
  return { result: JSON.parse(lines.at(-1) ?? "") as JsonResult, stderr: run.stderr };
}

/**
 * A topology of one's own: spout "s" emits 0 … 4 in field "v", replays what fails, and says when it is done; bolt "b" of two
 * executors is `class Bolt extends Base`, whose `execute` acks. `wire` may add to the builder.
 */
export async function topologyFile(
  directory: TemporaryDirectory,
  parts: { readonly bolt?: string; readonly wire?: string; readonly conf?: string },
): Promise<string> {
  const path = directory.join("topology.mjs");
  await writeFile(
    path,
    `import { BaseRichBolt, BaseRichSpout, TopologyBuilder } from "storm-lab";
class Spout extends BaseRichSpout {
  left = [0, 1, 2, 3, 4];
  open(_conf, _context, out) { this.out = out; }
  nextTuple() {
    const next = this.left.shift();
    if (next === undefined) this.out.exhausted();
    else this.out.emit([next], next);
  }
  fail(id) { this.left.push(id); }
  declareOutputFields(declarer) { declarer.declare(["v"]); }
}
class Base extends BaseRichBolt {
  prepare(_conf, _context, out) { this.out = out; }
  execute(tuple) { this.out.ack(tuple); }
  declareOutputFields(declarer) { declarer.declare(["v"]); }
}
class Bolt extends Base { ${parts.bolt ?? ""} }
export default () => {
  const builder = new TopologyBuilder();
  builder.setSpout("s", () => new Spout());
  builder.setBolt("b", () => new Bolt(), 2).shuffleGrouping("s");
  ${parts.wire ?? ""}
  return { name: "test", conf: ${parts.conf ?? "{}"}, topology: builder.createTopology() };
};
`,
  );
  return path;
}

/** The three lines of an error, without colours, as the last thing on standard error; frames of the author's may follow. */
export function assertThreeLines(stderr: string, code: string): void {
  const lines = stderr.trimEnd().split("\n");
  const first = lines.findIndex((line) => line.startsWith(`✗ ${code} `));
  assert.ok(first >= 0, `no ${code} in:\n${stderr}`);
  assert.match(lines[first + 1] ?? "", /^ {2}why {2}\S/);
  assert.match(lines[first + 2] ?? "", /^ {2}try {2}\S/);
  for (const line of lines) {
    const isOurs = line.includes(`${repositoryRoot}/dist/`) || line.includes(`${repositoryRoot}/src/`);
    assert.ok(!isOurs && !line.includes("node:internal"), `a stack of ours: ${line}`);
  }
}

/** All living descendants of a process, from the process table. */
export function descendantsOf(pid: number): number[] {
  const children = Map.groupBy(processTable(), ({ parent }) => parent);
  const found: number[] = [];
  const open = [pid];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const child of children.get(next) ?? []) {
      found.push(child.pid);
      open.push(child.pid);
    }
  }
  return found;
}

/** The most memory, in MiB, that a process has had until now; undefined when it has ended. */
export function peakMemoryMib(pid: number): number | undefined {
  try {
    const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kib === undefined ? undefined : Number(kib) / 1024;
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number): boolean {
  return processTable().some((each) => each.pid === pid);
}

/** Without those that have ended and are only waited for. */
function processTable(): Array<{ readonly pid: number; readonly parent: number }> {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return state === "Z" || state === "X" ? [] : [{ pid: Number(name), parent: Number(parent) }];
    } catch {
      // It ended between the two looks.
      return [];
    }
  });
}

/** A cluster of the bench's own, driven by the words that a user types. */
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { mergeReports, type TopologyReport, type WorkerReport } from "../../src/worker/index.ts";

const program = fileURLToPath(new URL("../../bin/storm-lab.mjs", import.meta.url));
const lookMs = 5;

export interface Row {
  readonly id: string;
  readonly role: string;
  readonly node: string;
  readonly pid: number;
}

export interface Snapshot {
  readonly atMs: number;
  readonly report: TopologyReport;
}

export class BenchCluster implements AsyncDisposable {
  readonly home: string;

  private constructor(home: string) {
    this.home = home;
  }

  static async make(): Promise<BenchCluster> {
    return new BenchCluster(await mkdtemp(join(tmpdir(), "storm-lab-bench-")));
  }

  get folder(): string {
    return join(this.home, "clusters", "classroom");
  }

  async run(...words: string[]): Promise<string> {
    const env = { ...process.env, STORM_LAB_HOME: this.home, STORM_LAB_CLUSTER: "" };
    const child = spawn(process.execPath, [program, ...words], { env, stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    if (code !== 0) throw new Error(`storm-lab ${words.join(" ")} ended with ${code}`);
    return text;
  }

  async processes(): Promise<Row[]> {
    const rows = JSON.parse(await this.run("ps", "-o", "json")) as Row[];
    return rows.filter(({ pid }) => pid !== null);
  }

  /** What the workers of a topology told last, each at a moment of its own: the mean of them. Null before all have told. */
  async snapshot(topologyId: string, workers: number): Promise<Snapshot | null> {
    const told: { atMs: number; report: WorkerReport }[] = [];
    for (const node of await readdir(this.folder)) {
      const slots = join(this.folder, node, "logs", "workers-artifacts", topologyId);
      for (const port of await readdir(slots).catch(() => [])) {
        const text = await readFile(join(slots, port, "results.json"), "utf8").catch(() => null);
        if (text !== null) told.push(JSON.parse(text) as (typeof told)[number]);
      }
    }
    if (told.length < workers) return null;
    const atMs = told.reduce((sum, each) => sum + each.atMs, 0) / told.length;
    return {
      atMs,
      report: mergeReports(
        told.map(({ report }) => report),
        1,
      ),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run("down", "--all", "--yes");
    await rm(this.home, { recursive: true, force: true });
  }
}

/** Milliseconds from `startMs` until the file is larger than it was. */
export async function untilLarger(file: string, size: number, startMs: number, limitMs = 60_000): Promise<number> {
  while (performance.now() - startMs < limitMs) {
    if ((await sizeOf(file)) > size) return performance.now() - startMs;
    await sleep(lookMs);
  }
  throw new Error(`${file} did not grow within ${limitMs} ms`);
}

export async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0;
}

/** Of all processes together: proportional and resident set, MB, and the share of one core that they take for a while. */
export async function idleCost(
  rows: readonly Row[],
  forMs: number,
): Promise<{ pssMb: number; rssMb: number; cpu: number }> {
  let [pss, rss] = [0, 0];
  for (const { pid } of rows) {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
    pss += kilobytes(text, "Pss");
    rss += kilobytes(text, "Rss");
  }
  const before = await cpuTicks(rows);
  const startMs = performance.now();
  await sleep(forMs);
  const seconds = (performance.now() - startMs) / 1000;
  return { pssMb: pss / 1024, rssMb: rss / 1024, cpu: ((await cpuTicks(rows)) - before) / ticksPerSecond / seconds };
}

/** Linux: sysconf(_SC_CLK_TCK) on every platform that Node runs on. */
const ticksPerSecond = 100;

async function cpuTicks(rows: readonly Row[]): Promise<number> {
  let ticks = 0;
  for (const { pid } of rows) {
    const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks;
}

function kilobytes(text: string, key: string): number {
  return Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? Number.NaN);
}

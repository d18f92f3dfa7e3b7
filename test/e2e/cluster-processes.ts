/** Clusters of real processes for tests: each in a home folder of its own, on ports of its own, gone when the test is. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  eventually,
  type RunningProcess,
  repositoryRoot,
  startProcess,
  startStormLab,
  type TemporaryDirectory,
  temporaryDirectory,
} from "../kit/index.ts";

export const upMs = 60_000;
export const commandMs = 30_000;

export interface ListedProcess {
  readonly id: string;
  readonly role: string;
  readonly node: string;
  readonly state: string;
  readonly pid: number | null;
  readonly ports: readonly number[];
  readonly topology: string | null;
}

/** `await using lab = await clusterHome()`: whatever is up in it goes down. */
export class ClusterHome implements AsyncDisposable {
  readonly directory: TemporaryDirectory;
  /** Every process that `processes` ever told of: each must be gone in the end. */
  readonly #seen = new Set<number>();

  constructor(directory: TemporaryDirectory) {
    this.directory = directory;
  }

  get home(): string {
    return this.directory.join("home");
  }

  folder(name = "classroom"): string {
    return `${this.home}/clusters/${name}`;
  }

  private get env(): Record<string, string | undefined> {
    return {
      STORM_LAB_HOME: this.home,
      STORM_LAB_CLUSTER: undefined,
      STORM_CONF_DIR: undefined,
      HOME: this.directory.path,
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
    };
  }

  /** Runs in the home's folder. */
  start(args: readonly string[], input?: string): RunningProcess {
    const { env } = this;
    return startStormLab(args, { cwd: this.directory.path, env, ...(input === undefined ? {} : { input }) });
  }

  /** Node itself, in the home's folder. */
  startNode(args: readonly string[]): RunningProcess {
    return startProcess(process.execPath, args, { cwd: this.directory.path, env: this.env });
  }

  /** What a terminal shows of the command while this is typed (util-linux `script` gives one). */
  async onTerminal(args: readonly string[], input: string): Promise<string> {
    const command = [process.execPath, join(repositoryRoot, "bin", "storm-lab.mjs"), ...args];
    const env = { ...this.env, TERM: "xterm-256color", CI: undefined };
    const words = ["-qc", command.map((word) => `'${word}'`).join(" "), "/dev/null"];
    await using shell = startProcess("script", words, { cwd: this.directory.path, env, input });
    await shell.exit(upMs);
    return shell.stdout.replaceAll("\r", "");
  }

  /** Its standard output; fails the test when it ends otherwise than expected. */
  async run(args: readonly string[], exitCode = 0): Promise<string> {
    await using child = this.start(args);
    await child.assertExit(exitCode, upMs);
    return exitCode === 0 ? child.stdout : child.stderr;
  }

  async up(...args: string[]): Promise<string> {
    const text = await this.run(["up", "--ports", "free", ...args]);
    const at = args.indexOf("--cluster");
    await this.processes(...(at < 0 ? [] : args.slice(at, at + 2)));
    return text;
  }

  async processes(...args: string[]): Promise<ListedProcess[]> {
    const rows = JSON.parse(await this.run(["ps", "-o", "json", ...args])) as ListedProcess[];
    for (const { pid } of rows) if (pid !== null) this.#seen.add(pid);
    return rows;
  }

  async pidOf(id: string): Promise<number> {
    const row = (await this.processes()).find((process) => process.id === id);
    if (row?.pid == null) throw new Error(`${id} does not run`);
    return row.pid;
  }

  async killAll(): Promise<void> {
    for (const { pid } of await this.processes()) if (pid !== null) process.kill(pid, "SIGKILL");
    await this.assertNoneLeft();
  }

  /** No process that was ever seen runs. */
  async assertNoneLeft(): Promise<void> {
    await eventually(
      () => ([...this.#seen].some(isAlive) ? undefined : true),
      commandMs,
      `processes ${[...this.#seen].filter(isAlive).join(", ")} to be gone`,
    );
  }

  clientYaml(name?: string): string {
    return `${this.folder(name)}/conf/storm.yaml`;
  }

  async log(path: string): Promise<string> {
    return readFile(`${this.folder()}/${path}`, "utf8");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await using child = this.start(["down", "--all", "--yes"]);
    await child.exit(upMs);
    await this.assertNoneLeft();
    await this.directory[Symbol.asyncDispose]();
    assert.equal(child.stderr, "");
  }
}

export async function clusterHome(): Promise<ClusterHome> {
  return new ClusterHome(await temporaryDirectory());
}

/** A zombie of this test's own process is dead. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

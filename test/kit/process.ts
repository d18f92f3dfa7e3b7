/** Real processes in tests: start one, await a line of it, kill it by its id, read what it said, check how it ended. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deadline } from "./waiting.ts";

export interface ProcessOptions {
  readonly cwd?: string;
  /** Added to this process's own; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to its standard input, which is then closed. Without it standard input is empty. */
  readonly input?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What one process may say before the test that started it is called wrong. */
const outputLimit = 64 * 1024 * 1024;
const killTimeoutMs = 10_000;

export const repositoryRoot = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** `await using child = startProcess(…)`: whatever happens in the test, it is killed and gone afterwards. */
export function startProcess(program: string, args: readonly string[], options: ProcessOptions = {}): RunningProcess {
  return new RunningProcess(program, args, options);
}

/** The command itself, from this checkout's dist/, on the Node that runs the tests. */
export function startStormLab(args: readonly string[], options: ProcessOptions = {}): RunningProcess {
  return startProcess(process.execPath, [join(repositoryRoot, "bin", "storm-lab.mjs"), ...args], options);
}

export class RunningProcess implements AsyncDisposable {
  readonly pid: number;
  /** Resolves when it has ended and all its output has arrived. */
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #title: string;
  #stdout = "";
  #stderr = "";
  #onOutput: (() => void)[] = [];

  constructor(program: string, args: readonly string[], options: ProcessOptions) {
    this.#title = [program, ...args].join(" ");
    this.#child = spawn(program, args, {
      cwd: options.cwd,
      env: environment(options.env ?? {}),
      stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    this.#collect("stdout");
    this.#collect("stderr");
    this.ended = once(this.#child, "close").then(([code, signal]) => ({ code, signal }) as Ended);
    this.ended.catch(() => {});
    this.#child.stdin?.end(options.input);
    this.pid = this.#child.pid ?? 0;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The first line of either stream, said already or to come, that matches. */
  async line(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
    const found = new Promise<RegExpExecArray>((resolve, reject) => {
      const look = (): boolean => {
        const match = this.#match(pattern);
        if (match !== null) resolve(match);
        return match !== null;
      };
      if (look()) return;
      this.#onOutput.push(look);
      const tooLate = () => look() || reject(new Error(`it ended without saying ${pattern}`));
      this.ended.then(tooLate, reject);
    });
    try {
      return await deadline(found, timeoutMs, `${pattern} from ${this.#title}`);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.#transcript()}`);
    }
  }

  /** How it ended; fails the test when it does not in time. */
  async exit(timeoutMs: number): Promise<Ended> {
    return deadline(this.ended, timeoutMs, `the end of ${this.#title}\n${this.#transcript()}`);
  }

  async assertExit(code: number, timeoutMs: number): Promise<void> {
    const ended = await this.exit(timeoutMs);
    assert.deepEqual(ended, { code, signal: null }, `${this.#title}\n${this.#transcript()}`);
  }

  /** To this process alone, by its id. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<Ended> {
    this.#child.kill("SIGKILL");
    return deadline(this.ended, killTimeoutMs, `the killed ${this.#title}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.pid !== undefined) await this.kill();
  }

  #collect(stream: "stdout" | "stderr"): void {
    const source = this.#child[stream];
    source?.setEncoding("utf8");
    source?.on("data", (text: string) => {
      if (stream === "stdout") this.#stdout += text;
      else this.#stderr += text;
      assert.ok(this.#stdout.length + this.#stderr.length <= outputLimit, `${this.#title} says too much`);
      for (const look of this.#onOutput) look();
    });
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    for (const line of `${this.#stdout}\n${this.#stderr}`.split("\n")) {
      const match = new RegExp(pattern.source, pattern.flags.replace("g", "")).exec(line);
      if (match !== null) return match;
    }
    return null;
  }

  #transcript(): string {
    return `--- stdout\n${this.#stdout}\n--- stderr\n${this.#stderr}`;
  }
}

/** The test runner's own variables stay out: a program under test must not report to it. */
function environment(changes: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, ...changes };
  delete env.NODE_TEST_CONTEXT;
  for (const [name, value] of Object.entries(changes)) if (value === undefined) delete env[name];
  return env;
}

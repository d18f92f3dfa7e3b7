/** A program in a real pseudo-terminal, and what its screen shows, as xterm would. */
import { createRequire } from "node:module";
import { spawn } from "@lydell/node-pty";
import type { Terminal as HeadlessTerminal } from "@xterm/headless";
import { eventually } from "../kit/index.ts";

/** False where these tests are to run; otherwise why they do not. */
export const tuiSkipped: string | false =
  process.env.STORM_LAB_TUI === "1" ? false : "needs a pty: npm run tui, or set STORM_LAB_TUI=1";

const seenMs = 60_000;
const { Terminal } = createRequire(import.meta.url)("@xterm/headless") as { Terminal: typeof HeadlessTerminal };

export class TestTerminal implements AsyncDisposable {
  readonly pid: number;
  readonly #pty: ReturnType<typeof spawn>;
  readonly #screen: HeadlessTerminal;
  #exitCode: number | null = null;
  #raw = "";

  constructor(words: readonly string[], env: Readonly<Record<string, string>>, size = { columns: 80, rows: 24 }) {
    const [program = "", ...args] = words;
    const { columns: cols, rows } = size;
    const inherited = { ...process.env };
    delete inherited.NODE_TEST_CONTEXT;
    delete inherited.NO_COLOR;
    this.#screen = new Terminal({ cols, rows, allowProposedApi: true });
    this.#pty = spawn(program, args, {
      cols,
      rows,
      name: "xterm-256color",
      env: { ...inherited, ...env } as Record<string, string>,
    });
    this.pid = this.#pty.pid;
    this.#pty.onData((text) => {
      this.#raw += text;
      this.#screen.write(text);
    });
    this.#pty.onExit(({ exitCode }) => {
      this.#exitCode = exitCode;
    });
  }

  /** All bytes that came. */
  get raw(): string {
    return this.#raw;
  }

  get isAlternate(): boolean {
    return this.#screen.buffer.active.type === "alternate";
  }

  get text(): string {
    const { active } = this.#screen.buffer;
    const lines = Array.from(
      { length: this.#screen.rows },
      (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? "",
    );
    return lines.join("\n");
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  async until(pattern: RegExp): Promise<void> {
    await eventually(() => (pattern.test(this.text) ? true : undefined), seenMs, `${pattern}`).catch(
      (error: unknown) => {
        throw new Error(`${(error as Error).message} on\n${this.text}`);
      },
    );
  }

  async exit(): Promise<number> {
    return eventually(() => this.#exitCode ?? undefined, seenMs, "the end of the program");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#exitCode === null) this.#pty.kill("SIGKILL");
    await this.exit();
    this.#screen.dispose();
  }
}

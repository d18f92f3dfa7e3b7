/** Turns the events of Node's test runner into a summary that a person reads and CI counts. */
import { relative } from "node:path";
import type { TestEvent } from "node:test/reporters";
import { inspect, stripVTControlCharacters } from "node:util";

export interface TallyOptions {
  readonly write: (text: string) => void;
  /** Paths are shown relative to it. */
  readonly root: string;
  /** Where everything is installed, a skip hides something: it counts as failed. */
  readonly forbidSkips: boolean;
  /** Show what tests say of themselves, as what they measured. */
  readonly notes: boolean;
}

interface FileTally {
  passed: number;
  failed: number;
  skipped: number;
  output: string;
}

/** What a failing file printed, from its end. */
const outputShownChars = 8000;

export class Tally {
  readonly #options: TallyOptions;
  readonly #files = new Map<string, FileTally>();
  readonly #startMs = performance.now();

  constructor(options: TallyOptions) {
    this.#options = options;
  }

  add(event: TestEvent): void {
    switch (event.type) {
      case "test:pass":
        this.#pass(event.data);
        break;
      case "test:fail":
        this.#fail(event.data);
        break;
      case "test:stdout":
      case "test:stderr":
        this.#keepOutput(event.data.file, event.data.message);
        break;
      case "test:diagnostic":
        if (this.#options.notes && event.data.file !== undefined) this.#options.write(`  ${event.data.message}\n`);
        break;
      case "test:summary":
        if (event.data.file !== undefined) this.#closeFile(event.data.file, event.data.duration_ms);
        break;
      default:
    }
  }

  /** Prints the closing lines; true when something ran and nothing failed. */
  finish(): boolean {
    const files = [...this.#files.values()];
    const passed = sum(files.map((file) => file.passed));
    const failed = sum(files.map((file) => file.failed));
    const skipped = sum(files.map((file) => file.skipped));
    const seconds = ((performance.now() - this.#startMs) / 1000).toFixed(1);
    this.#options.write(`\n${files.length} files, ${seconds} s\n`);
    if (passed + failed === 0) this.#options.write("no test ran\n");
    this.#options.write(`${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}\n`);
    return failed === 0 && passed > 0;
  }

  #pass(data: EventOf<"test:pass">): void {
    if (data.details.type === "suite") return;
    const path = pathOf(data);
    const file = this.#file(path);
    if (isWholeFile(data)) {
      this.#failed(path, "the file holds no test", undefined);
    } else if (data.todo !== undefined && data.todo !== false) {
      this.#failed(path, data.name, "unfinished tests are not accepted");
    } else if (data.skip !== undefined && data.skip !== false) {
      this.#skip(path, data.name, data.skip);
    } else {
      file.passed += 1;
    }
  }

  #skip(path: string, name: string, skip: string | boolean): void {
    const reason = typeof skip === "string" && skip !== "" ? skip : undefined;
    if (reason === undefined) {
      this.#failed(path, name, "skipped without a reason");
    } else if (this.#options.forbidSkips) {
      this.#failed(path, name, `skipped here, where nothing may be: ${reason}`);
    } else {
      this.#file(path).skipped += 1;
      this.#options.write(`- skipped  ${this.#shown(path)} › ${name}: ${reason.split("\n")[0]}\n`);
    }
  }

  #fail(data: EventOf<"test:fail">): void {
    const error = data.details.error as Error & { failureType?: string };
    // The failing tests inside were counted already.
    if (error.failureType === "subtestsFailed") return;
    this.#failed(pathOf(data), isWholeFile(data) ? "the file did not run to its end" : data.name, error.cause ?? error);
    if (isWholeFile(data)) this.#closeFile(pathOf(data), data.details.duration_ms);
  }

  #failed(path: string, name: string, error: unknown): void {
    this.#file(path).failed += 1;
    const detail = textOf(error);
    const indented = detail === "" ? "" : `    ${stripVTControlCharacters(detail).replaceAll("\n", "\n    ")}\n`;
    this.#options.write(`✗ FAILED   ${this.#shown(path)} › ${name}\n${indented}`);
  }

  #keepOutput(path: string | undefined, text: string): void {
    if (path === undefined) return;
    const file = this.#file(path);
    file.output = (file.output + text).slice(-outputShownChars);
  }

  #closeFile(path: string, durationMs: number): void {
    const file = this.#file(path);
    if (file.failed > 0 && file.output !== "") this.#options.write(`    it printed:\n${file.output}\n`);
    file.output = "";
    if (file.passed + file.failed + file.skipped === 0) return;
    const mark = file.failed === 0 ? "✓" : "✗";
    const counts = `${file.passed} passed${file.failed === 0 ? "" : `, ${file.failed} failed`}`;
    this.#options.write(`${mark} ${this.#shown(path)}  ${counts}  ${(durationMs / 1000).toFixed(2)} s\n`);
  }

  #file(path: string): FileTally {
    const key = this.#shown(path);
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    const fresh: FileTally = { passed: 0, failed: 0, skipped: 0, output: "" };
    this.#files.set(key, fresh);
    return fresh;
  }

  #shown(path: string): string {
    return path.startsWith("/") ? relative(this.#options.root, path) : path;
  }
}

/** An assertion's stack has its difference in it; the values beside it would say the same again. */
function textOf(error: unknown): string {
  if (error === undefined || typeof error === "string") return error ?? "";
  if (!(error instanceof Error) || error.stack === undefined) return inspect(error, { depth: 4 });
  return error.cause === undefined ? error.stack : `${error.stack}\ncaused by: ${textOf(error.cause)}`;
}

type EventOf<T extends TestEvent["type"]> = Extract<TestEvent, { type: T }>["data"];

/** The runner reports a file that crashed, or that holds no test, as one test named after it. */
function isWholeFile(data: EventOf<"test:pass"> | EventOf<"test:fail">): boolean {
  return entryFileOf(data) === undefined;
}

/** The test file; `file` alone may be the module that registered a hook. */
function pathOf(data: EventOf<"test:pass"> | EventOf<"test:fail">): string {
  return entryFileOf(data) ?? data.file ?? data.name;
}

function entryFileOf(data: object): string | undefined {
  return "entryFile" in data && typeof data.entryFile === "string" ? data.entryFile : undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/**
 * Runs the tests and says how it went. Kinds run in the order below; each file is a process of its own.
 *
 *   npm test                                   everything that needs nothing but Node
 *   npm test -- zookeeper/client               the files whose path contains these words
 *   npm test -- --kinds unit,sim               some kinds only
 *   npm test -- --kinds sim --seed 7           one seed of the simulations
 *   npm test -- --kinds scenarios --rewrite    golden texts get what came; look at the difference before you commit it
 *   npm test -- --patience 60 …                minutes that a test may take longer than usual
 *   npm test -- --notes …                      with what tests say of themselves
 *
 * The last line is `N passed, N failed`, with `, N skipped` when some were.
 */
import { globSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { run } from "node:test";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Tally } from "./tally.ts";

/** Cheapest first, so that the nearest fault shows first. */
const kinds = ["tidy", "unit", "scenarios", "contract", "sim", "e2e"];
/** Kinds that need more than Node; run when named with --kinds. */
const furtherKinds = ["interop", "tui", "web", "hosts"];
/** This project is developed on two cores. */
const filesAtOnce = 2;
/** For one test; simulations told to run for minutes get those on top. */
const testTimeoutMs = 180_000;

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kinds: { type: "string" },
    seed: { type: "string" },
    minutes: { type: "string" },
    patience: { type: "string" },
    rewrite: { type: "boolean", default: false },
    "forbid-skips": { type: "boolean", default: false },
    notes: { type: "boolean", default: false },
  },
});

const chosen = chooseKinds(values.kinds, positionals);
if (values.seed !== undefined) process.env.STORM_LAB_SEED = values.seed;
if (values.rewrite) process.env.STORM_LAB_REWRITE = "1";
if (values.minutes !== undefined) process.env.STORM_LAB_MINUTES = values.minutes;

if (values.kinds?.includes("interop") === true) process.env.STORM_LAB_INTEROP = "1";
if (values.kinds?.includes("web") === true) process.env.STORM_LAB_WEB = "1";
if (values.kinds?.includes("tui") === true) process.env.STORM_LAB_TUI = "1";

const files = chosen.flatMap((kind) => filesOf(kind)).filter((file) => matches(file, positionals));
const tally = new Tally({
  write: (text) => process.stdout.write(text),
  root,
  forbidSkips: values["forbid-skips"],
  notes: values.notes,
});
if (files.length > 0) {
  const events = run({
    files,
    cwd: root,
    concurrency: filesAtOnce,
    timeout: testTimeoutMs + (Number(values.minutes ?? 0) + Number(values.patience ?? 0)) * 60_000,
    execArgv: ["--conditions=storm-lab-source", "--import", join(root, "test", "kit", "leaks.ts")],
  });
  for await (const event of events) tally.add(event);
}
process.exitCode = tally.finish() ? 0 : 1;

function chooseKinds(named: string | undefined, words: readonly string[]): string[] {
  const known = [...kinds, ...furtherKinds];
  if (named === undefined) return words.some((word) => word.startsWith("test/")) ? known : kinds;
  const wanted = named.split(",");
  const unknown = wanted.filter((kind) => !known.includes(kind));
  if (unknown.length > 0) throw new Error(`no such kind: ${unknown.join(", ")}; there are ${known.join(", ")}`);
  return known.filter((kind) => wanted.includes(kind));
}

function filesOf(kind: string): string[] {
  return globSync(`test/${kind}/**/*.test.ts`, { cwd: root })
    .sort()
    .map((file) => join(root, file));
}

function matches(file: string, words: readonly string[]): boolean {
  const path = relative(root, file);
  return words.length === 0 || words.some((word) => path.includes(word));
}

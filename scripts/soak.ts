/**
 * `npm run soak -- NAME`: a simulation in its full form, many more seeds than `npm test` takes. Prints what ran and how it
 * went; the results that count are kept in docs/soak.md.
 */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

interface Soak {
  readonly what: string;
  /** Words that choose the test files. */
  readonly tests: string;
  readonly seeds: number;
}

const soaks: Readonly<Record<string, Soak>> = {
  "word-count-kills": {
    what: "a tracked word count whose workers are killed",
    tests: "sim/executor/word-count",
    seeds: 1000,
  },
  "zookeeper-seeds": {
    what: "ensembles of three and five under crashes, power cuts, pauses, partitions and bad networks",
    tests: "sim/zookeeper/ensemble-seeds",
    seeds: 2000,
  },
};

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [name = ""] = process.argv.slice(2);
const soak = soaks[name];
if (soak === undefined) {
  process.stderr.write(`no soak is called "${name}": ${Object.keys(soaks).join(", ")}\n`);
  process.exit(2);
}
const startMs = performance.now();
process.stdout.write(`${name}: ${soak.what}, seeds 1 to ${soak.seeds}\n`);
const { status } = spawnSync(
  process.execPath,
  [join(root, "scripts/test.ts"), "--kinds", "sim", "--patience", "180", soak.tests],
  {
    stdio: "inherit",
    env: { ...process.env, STORM_LAB_SEEDS: String(soak.seeds) },
  },
);
process.stdout.write(`${name}: ${soak.seeds} seeds, ${((performance.now() - startMs) / 60_000).toFixed(1)} minutes\n`);
process.exitCode = status ?? 1;

/**
 * `npm run soak -- NAME`: a test in its full form, many more seeds or minutes than `npm test` takes. Prints what ran and
 * how it went; the results that count are kept in docs/soak.md.
 */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

interface Soak {
  readonly what: string;
  readonly kind: "sim" | "e2e" | "web";
  /** Words that choose the test files. */
  readonly tests: string;
  /** How much of it. */
  readonly measure: string;
  readonly env: Readonly<Record<string, string>>;
}

function ofSeeds(what: string, tests: string, seeds: number): Soak {
  return { what, kind: "sim", tests, measure: `seeds 1 to ${seeds}`, env: { STORM_LAB_SEEDS: String(seeds) } };
}

const soaks: Readonly<Record<string, Soak>> = {
  "word-count-kills": ofSeeds("a tracked word count whose workers are killed", "sim/executor/word-count", 1000),
  "zookeeper-seeds": ofSeeds(
    "ensembles of three and five under crashes, power cuts, pauses, partitions and bad networks",
    "sim/zookeeper/ensemble-seeds",
    2000,
  ),
  "cluster-seeds": ofSeeds(
    "clusters of 3 to 1000 nodes under crashes, pauses, partitions, ended sessions and wrong clocks",
    "sim/simulate/cluster-seeds",
    1000,
  ),
  "drpc-calls": {
    what: "calls at two real DRPC servers that are killed in turn, every answer checked",
    kind: "e2e",
    tests: "e2e/drpc-calls",
    measure: "1000000 calls",
    env: { STORM_LAB_DRPC_CALLS: "1000000" },
  },
  "drpc-seeds": ofSeeds(
    "a DRPC server, its clients and its topologies, killed all the time",
    "sim/drpc/calls-seeds",
    500,
  ),
  "drpc-topology-seeds": ofSeeds(
    "a DRPC topology on three workers before two servers, all of them killed",
    "sim/drpc/topology-seeds",
    1000,
  ),
  "zookeeper-leader-kill": {
    what: "three real servers whose leader is killed again and again under eight writers",
    kind: "e2e",
    tests: "e2e/zookeeper-leader-kill",
    measure: "60 seconds",
    env: { STORM_LAB_KILL_SECONDS: "60" },
  },
  "page-crowd": {
    what: "the page before 200 supervisors and 100 topologies whose workers die, no frame above 100 ms",
    kind: "web",
    tests: "web/crowd",
    measure: "20 rounds",
    env: { STORM_LAB_CROWD_ROUNDS: "20", STORM_LAB_CROWD_FRAME_MS: "100" },
  },
  "cluster-kills": {
    what: "a tracked word count on a cluster all parts of which are killed, one at a time and in pairs",
    kind: "e2e",
    tests: "e2e/cluster-kills",
    measure: "600 seconds",
    env: { STORM_LAB_CLUSTER_KILL_SECONDS: "600" },
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
process.stdout.write(`${name}: ${soak.what}, ${soak.measure}\n`);
const { status } = spawnSync(
  process.execPath,
  [join(root, "scripts/test.ts"), "--kinds", soak.kind, "--notes", "--patience", "180", soak.tests],
  { stdio: "inherit", env: { ...process.env, ...soak.env } },
);
process.stdout.write(`${name}: ${soak.measure}, took ${((performance.now() - startMs) / 60_000).toFixed(1)} minutes\n`);
process.exitCode = status ?? 1;

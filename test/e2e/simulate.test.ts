/** `storm-lab simulate`: a timeline for people, the same for programs, and words for what cannot be. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startStormLab } from "../kit/index.ts";
import { assertThreeLines } from "./local-runs.ts";

const timeoutMs = 120_000;

async function printed(args: readonly string[], exitCode = 0): Promise<string> {
  await using child = startStormLab(["simulate", ...args]);
  await child.assertExit(exitCode, timeoutMs);
  assert.equal(child.stderr, "");
  return child.stdout;
}

describe("storm-lab simulate", () => {
  it("tells a cluster's life in Storm's words, the same for the same seed", async () => {
    const args = ["--nodes", "3", "--seed", "3", "--duration", "12"];
    const text = await printed(args);
    assert.match(text, /^ {4}0\.0 s {2}cluster {3}3 ZooKeeper servers, 2 nimbuses, 3 supervisors; seed 3\n/);
    for (const line of [
      /^ +\d+\.\d s {2}nimbus[12] {3}gained leadership/m,
      /^ +\d+\.\d s {2}student {3}storm-lab submit: word-count-1, 3 workers$/m,
      /^ +\d+\.\d s {2}nimbus {4}assigns word-count-1-1-\d+ to node1:6700 node2:6700 node3:6700$/m,
      /^ +\d+\.\d s {2}node1 {5}worker starts on port 6700: word-count-1-1-\d+$/m,
      /^ +\d+\.\d s {2}\S+ +! .*, for \d+\.\d s$/m,
      /^ +\d+\.\d s {2}cluster {3}faults cease/m,
      /^ +\d+\.\d s {2}nimbus {4}killed word-count-/m,
      /^All 7 promises held: \d+ faults on 3 nodes in \d+\.\d s of virtual time \(seed 3\)$/m,
    ])
      assert.match(text, line);
    assert.doesNotMatch(text, /undefined|NaN|\[object/);
    assert.equal(text.match(/^✓ /gm)?.length, 7);
    assert.equal(await printed(args), text);
    assert.notEqual(await printed(["--seed", "4", "--duration", "12"]), text);
  });

  it("gives programs one object, or one event a line", async () => {
    const args = ["--duration", "5", "--topologies", "1"];
    const { events, ...report } = JSON.parse(await printed([...args, "--output", "json"])) as {
      readonly events: readonly { readonly event: string }[];
      readonly well: boolean;
    };
    assert.equal(report.well, true);
    const lines = (await printed([...args, "--output", "ndjson"])).trimEnd().split("\n");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as unknown),
      [...events, { event: "verdict", ...report }],
    );
  });

  it("lets only those faults happen that it is told to", async () => {
    const faults = async (args: readonly string[]) =>
      (await printed(["--duration", "20", "--output", "ndjson", ...args]))
        .split("\n")
        .filter((line) => line.includes('"event":"fault"'))
        .map((line) => (JSON.parse(line) as { readonly fault: string }).fault);
    assert.deepEqual(await faults(["--no-faults"]), []);
    assert.deepEqual([...new Set(await faults(["--faults", "pause,crash"]))].sort(), ["crash", "pause"]);
  });

  it("says in words what cannot be", async () => {
    for (const [args, words] of [
      [["--nodes", "1001"], "--nodes must be a whole number, 1 to 1000"],
      [["--nodes", "few"], "--nodes must be a whole number, 1 or more"],
      [["--nodes", "1", "--topologies", "4"], "--topologies must be a whole number, 1 to 3"],
      [["--faults", "crash,flood"], "--faults must be some of crash,pause,partition,session-expiry,clock-skew"],
      [["--duration", "0"], "--duration must be a whole number, 1 or more"],
    ] as const) {
      await using child = startStormLab(["simulate", ...args]);
      await child.assertExit(2, timeoutMs);
      assertThreeLines(child.stderr, "SL-COMMAND-VALUE");
      assert.ok(child.stderr.includes(words), child.stderr);
      assert.equal(child.stdout, "");
    }
  });
});

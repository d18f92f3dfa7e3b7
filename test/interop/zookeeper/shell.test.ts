/** Apache ZooKeeper's shell sees the same of our server as of Apache's: one script, two transcripts, compared word by word. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startApacheZooKeeper } from "../../../scripts/interop/apache-zookeeper.ts";
import { runZooKeeperMain } from "../../../scripts/interop/zoo-keeper-main.ts";
import { tickTimeMs } from "../../contract/zookeeper/contract.ts";
import { startOurs } from "../../contract/zookeeper/ours.ts";
import { interopSkipped } from "../interop.ts";

const nodes = [
  "create /a hello",
  "create /a again",
  "create /no/parent x",
  "create -e /ephemeral x",
  "create /ephemeral/child x",
  "create -s /a/n- 1",
  "create -s /a/n- 2",
  "create -e -s /a/e- 3",
  "create -c /container",
  "create -t 60000 /mortal x",
  "create /词 数据",
  "get -s /a",
  "get /missing",
  "stat /a",
  "ls /",
  "ls -s /a",
  "ls -R /a",
  "set -s /a world",
  "set -v 7 /a never",
  "set -v 1 /a third",
  "get -s /词",
  "delete /a",
  "delete -v 3 /a/n-0000000000",
  "delete /a/n-0000000000",
  "getEphemerals",
  "getEphemerals /a",
  "getAllChildrenNumber /",
  "getAllChildrenNumber /a",
  "sync /a",
  "stat /ephemeral",
  "stat /container",
  "stat /mortal",
];
const rights = [
  "getAcl -s /a",
  "setAcl -s /a world:anyone:crwda",
  "setAcl -v 9 /a world:anyone:r",
  "setAcl /a ip:127.0.0.1:cdrwa",
  "getAcl /a",
  "setAcl /a moon:man:r",
  "addauth digest ada:pw",
  "whoami",
  "create /secret s auth::cdrwa",
  "getAcl /secret",
  "get /secret",
  "create /closed c world:anyone:r",
  "set /closed x",
  "create /closed/child x",
  "setAcl /closed world:anyone:cdrwa",
];
const quotas = [
  "setquota -n 2 /container",
  "listquota /container",
  "create /container/one 1",
  "listquota /container",
  "setquota -b 100 /container",
  "listquota /container",
  "ls -R /zookeeper/quota",
  "delquota -n /container",
  "delquota /container",
  "listquota /container",
];
const rest = [
  "stat /zookeeper/config",
  "getAcl /zookeeper/config",
  "delete /zookeeper/config",
  "reconfig -remove 1",
  "removewatches /a",
  "deleteall /a",
  "ls /",
  "delete /closed",
  "get /a",
];

/**
 * What differs by nature is taken out: prompts and the echo of commands (another thread prints them), moments, session
 * ids, the order of what is kept in hash sets.
 */
function normalised(output: string, commands: readonly string[]): string {
  return output
    .replaceAll(/\[zk: [^\]]*\] /g, "")
    .replaceAll(/^(c|m)time = .*$/gm, "$1time = …")
    .replaceAll(/^ephemeralOwner = 0x[1-9a-f][0-9a-f]*$/gm, "ephemeralOwner = a session")
    .replaceAll(/^\[(.*)\]$/gm, (_, list: string) => `[${list.split(", ").sort().join(", ")}]`)
    .replaceAll(/^(?:(?:ip|digest): .*\n)+/gm, (lines) => `${lines.trim().split("\n").sort().join("\n")}\n`)
    .replaceAll(/127\.0\.0\.1:\d+/g, "the server")
    .split("\n")
    .filter((line) => !commands.includes(line) && line !== "quit")
    .join("\n");
}

/** An event is printed whenever it comes, so these are looked at for what was told only. */
const watching = [
  "create /watched 0",
  "get -w /watched",
  "set /watched 1",
  "ls -w /watched",
  "create /watched/child x",
  "stat -w /watched/child",
  "delete /watched/child",
  "addWatch -m PERSISTENT_RECURSIVE /watched",
  "create /watched/other x",
  "set /watched/other y",
  "removewatches /watched",
  "delete /watched/other",
  "sync /watched",
];

function events(transcript: string): string[] {
  return [...transcript.matchAll(/WatchedEvent state:(\w+) type:(\w+) path:(\S+)/g)].map((match) =>
    match.slice(1).join(" "),
  );
}

test("zkCli does its work and prints the same on ours as on Apache's", { skip: interopSkipped }, async () => {
  const apache = await startApacheZooKeeper({ tickTimeMs });
  const ours = await startOurs(1);
  try {
    const commands = [...nodes, ...rights, ...quotas, ...rest];
    const [theirRun, ourRun] = [
      await runZooKeeperMain(apache.connectString, commands),
      await runZooKeeperMain(ours.connectString, commands),
    ];
    assert.equal(ourRun.code, theirRun.code);
    assert.equal(normalised(ourRun.stderr, commands), normalised(theirRun.stderr, commands));
    assert.equal(normalised(ourRun.stdout, commands), normalised(theirRun.stdout, commands));
    const [theirEvents, ourEvents] = [
      await runZooKeeperMain(apache.connectString, watching),
      await runZooKeeperMain(ours.connectString, watching),
    ];
    assert.ok(events(theirEvents.stdout).length > 4, theirEvents.stdout);
    assert.deepEqual(events(ourEvents.stdout), events(theirEvents.stdout));
  } finally {
    await Promise.all([apache.stop(), ours.stop()]);
  }
});

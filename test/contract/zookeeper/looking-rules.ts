/** Rules of the four-letter words, for servers that allow all of them. */
import assert from "node:assert/strict";
import { askFourLetterWord } from "../../../src/zookeeper/index.ts";
import type { Rule } from "./contract.ts";
import { runtime, stepMs, type World } from "./world.ts";

function ask(world: World, word: string): Promise<string> {
  const port = world.ensemble.servers[0]?.clientPort ?? 0;
  return askFourLetterWord(runtime, { host: "127.0.0.1", port }, word, stepMs);
}

/** The first words of each line, up to `:`, `=` or a tab. */
function keys(answer: string): string[] {
  return answer
    .trim()
    .split("\n")
    .map((line) => /^[^:=\t]*/.exec(line)?.[0] ?? "");
}

export const lookingRules: readonly Rule[] = [
  {
    name: "ruok and isro answer one word",
    async run(world) {
      assert.equal(await ask(world, "ruok"), "imok");
      assert.equal(await ask(world, "isro"), "rw");
    },
  },
  {
    name: "srvr says version, traffic, zxid, mode and node count",
    async run(world) {
      const wire = await world.wire();
      const { zxid } = await wire.request({ op: "create", path: world.path(), data: null, acl: anyone, flags: 0 });
      const answer = await ask(world, "srvr");
      assert.deepEqual(keys(answer), [
        "Zookeeper version",
        "Latency min/avg/max",
        "Received",
        "Sent",
        "Connections",
        "Outstanding",
        "Zxid",
        "Mode",
        "Node count",
      ]);
      assert.match(answer, /^Zookeeper version: 3\.8\.\d+-\S+, built on /);
      assert.match(answer, /^Latency min\/avg\/max: [\d.]+\/[\d.]+\/[\d.]+$/m);
      assert.match(answer, /^Mode: standalone$/m);
      assert.equal(/^Zxid: (0x[0-9a-f]+)$/m.exec(answer)?.[1], `0x${zxid.toString(16)}`);
    },
  },
  {
    name: "stat is srvr behind a list of clients, cons is the list in full",
    async run(world) {
      const wire = await world.wire();
      const stat = await ask(world, "stat");
      assert.match(
        stat,
        /^Zookeeper version: .*\nClients:\n( \/127\.0\.0\.1:\d+\[\d\]\(queued=\d+,recved=\d+,sent=\d+\)\n)+\nLatency/,
      );
      const sid = `sid=0x${wire.response.sessionId.toString(16)}`;
      const line = (await ask(world, "cons")).split("\n").find((text) => text.includes(sid));
      assert.ok(line, "the session has a line");
      for (const part of ["queued=", "recved=", "sent=", "lop=", "est=", "to=10000", "lcxid=", "lzxid=", "lresp="]) {
        assert.ok(line.includes(part), `${part} in ${line}`);
      }
    },
  },
  {
    name: "conf says how the server is configured",
    async run(world) {
      const answer = await ask(world, "conf");
      const port = world.ensemble.servers[0]?.clientPort;
      for (const line of [
        `clientPort=${port}`,
        "secureClientPort=-1",
        "tickTime=500",
        "maxClientCnxns=0",
        "minSessionTimeout=1000",
        "maxSessionTimeout=10000",
        "serverId=0",
      ]) {
        assert.ok(answer.split("\n").includes(line), `${line} in\n${answer}`);
      }
      assert.match(answer, /^dataDir=.+version-2$/m);
      assert.match(answer, /^dataLogDir=.+version-2$/m);
    },
  },
  {
    name: "mntr gives keys and values divided by a tab",
    async run(world) {
      await world.wire();
      const answer = await ask(world, "mntr");
      const values = new Map(answer.split("\n").map((line) => line.split("\t") as [string, string]));
      assert.match(values.get("zk_version") ?? "", /^3\.8\.\d+-/);
      assert.equal(values.get("zk_server_state"), "standalone");
      for (const key of [
        "zk_avg_latency",
        "zk_max_latency",
        "zk_min_latency",
        "zk_packets_received",
        "zk_packets_sent",
        "zk_num_alive_connections",
        "zk_outstanding_requests",
        "zk_znode_count",
        "zk_watch_count",
        "zk_ephemerals_count",
        "zk_approximate_data_size",
        "zk_open_file_descriptor_count",
      ]) {
        assert.ok(Number.isFinite(Number(values.get(key))), `${key} is ${values.get(key)}`);
      }
      assert.ok(Number(values.get("zk_znode_count")) >= 4);
    },
  },
  {
    name: "dump shows sessions and their ephemeral nodes, wchs and wchp the watches",
    async run(world) {
      const wire = await world.wire();
      const path = world.path();
      await wire.request({ op: "create", path, data: null, acl: anyone, flags: 1 });
      await wire.request({ op: "getData", path, watch: true });
      const sid = `0x${wire.response.sessionId.toString(16)}`;
      const dump = await ask(world, "dump");
      assert.match(dump, /^SessionTracker dump:/);
      assert.ok(dump.includes(`${sid}:\n\t${path}\n`), dump);
      assert.match(await ask(world, "wchs"), /^\d+ connections watching \d+ paths\nTotal watches:\d+\n/);
      assert.ok((await ask(world, "wchp")).includes(`${path}\n\t${sid}\n`));
      assert.ok((await ask(world, "wchc")).includes(`${sid}\n`));
    },
  },
  {
    name: "envi names the version that clients look for",
    async run(world) {
      const answer = await ask(world, "envi");
      assert.match(answer, /^Environment:\nzookeeper\.version=3\.8\.\d+-\S+, built on /);
      assert.match(answer, /^host\.name=/m);
    },
  },
  {
    name: "resets empty the counters they name",
    async run(world) {
      assert.equal((await ask(world, "srst")).trim(), "Server stats reset.");
      assert.equal((await ask(world, "crst")).trim(), "Connection stats reset.");
    },
  },
];

const anyone = [{ perms: 31, scheme: "world", id: "anyone" }] as const;

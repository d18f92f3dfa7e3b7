/** Rules of what `mntr` counts, on servers that nobody else uses: one alone, or an ensemble. */
import assert from "node:assert/strict";
import { askFourLetterWord } from "../../../src/zookeeper/index.ts";
import { eventually } from "../../kit/index.ts";
import type { Rule } from "./contract.ts";
import { runtime, stepMs, type World } from "./world.ts";

type Monitor = ReadonlyMap<string, string>;

/** What dashboards for ZooKeeper read, whatever the server's part is. */
const everywhere = [
  "avg_latency",
  "min_latency",
  "max_latency",
  "packets_received",
  "packets_sent",
  "num_alive_connections",
  "outstanding_requests",
  "znode_count",
  "watch_count",
  "ephemerals_count",
  "approximate_data_size",
  "open_file_descriptor_count",
  "max_file_descriptor_count",
  "global_sessions",
  "local_sessions",
  "last_client_response_size",
  "uptime",
  "bytes_received_count",
  "response_bytes",
  "connection_request_count",
  "connection_revalidate_count",
  "connection_rejected",
  "sessionless_connections_expired",
  "stale_sessions_expired",
  ...["readlatency", "updatelatency", "fsynctime", "snapshottime"].flatMap((name) =>
    ["avg", "min", "max", "cnt", "sum"].map((part) => `${part}_${name}`),
  ),
];
const ofLeaders = [
  "leader_uptime",
  "quorum_size",
  "learners",
  "synced_followers",
  "synced_observers",
  "synced_non_voting_followers",
  "pending_syncs",
  "last_proposal_size",
  "min_proposal_size",
  "max_proposal_size",
  "proposal_count",
  "commit_count",
];
const ofFollowers = ["quorum_size", "learner_proposal_received_count", "learner_commit_received_count"];

async function monitors(world: World): Promise<Monitor[]> {
  const answers = await Promise.all(
    world.ensemble.servers.map(({ clientPort: port }) =>
      askFourLetterWord(runtime, { host: "127.0.0.1", port }, "mntr", stepMs),
    ),
  );
  return answers.map((text) => new Map(text.split("\n").map((line) => line.split("\t") as [string, string])));
}

function number(monitor: Monitor | undefined, key: string): number {
  const value = monitor?.get(`zk_${key}`);
  assert.ok(value !== undefined && Number.isFinite(Number(value)), `zk_${key} is ${value}`);
  return Number(value);
}

async function sum(world: World, key: string): Promise<number> {
  return (await monitors(world)).reduce((total, monitor) => total + number(monitor, key), 0);
}

export const countingRules: readonly Rule[] = [
  {
    name: "mntr has the keys of the server's part",
    async run(world) {
      const found = await monitors(world);
      const states = found.map((monitor) => monitor.get("zk_server_state"));
      const expected = found.length === 1 ? ["standalone"] : ["follower", "follower", "leader"];
      assert.deepEqual(states.toSorted(), expected);
      for (const monitor of found) {
        const state = monitor.get("zk_server_state");
        const peerState = { leader: "leading - broadcast", follower: "following - broadcast" }[state ?? ""];
        assert.equal(monitor.get("zk_peer_state"), peerState);
        for (const key of everywhere) number(monitor, key);
        if (state === "leader") for (const key of ofLeaders) number(monitor, key);
        if (state === "follower") for (const key of ofFollowers) number(monitor, key);
      }
    },
  },
  {
    name: "mntr counts sessions, those that expire by themselves and only those",
    async run(world) {
      const { servers } = world.ensemble;
      const wires = await Promise.all(
        [0, 1, 2].map((index) => {
          const { clientPort } = servers[index % servers.length] ?? { clientPort: 0 };
          return world.wire({ port: clientPort, timeoutMs: index === 0 ? 10_000 : 1000 });
        }),
      );
      await world.client().sync("/");
      await eventually(
        async () => (await monitors(world)).every((monitor) => number(monitor, "global_sessions") === 4) || undefined,
        stepMs,
        "four sessions at every server",
      );
      assert.equal(await sum(world, "stale_sessions_expired"), 0);
      // Two go without a word, one takes its leave.
      wires[1]?.drop();
      wires[2]?.drop();
      await wires[0]?.close();
      await eventually(
        async () => (await monitors(world)).every((monitor) => number(monitor, "global_sessions") === 1) || undefined,
        stepMs,
        "one session at every server",
      );
      const judged = (await monitors(world)).filter((monitor) => number(monitor, "stale_sessions_expired") > 0);
      assert.deepEqual(
        judged.map((monitor) => [monitor.get("zk_server_state"), number(monitor, "stale_sessions_expired")]),
        [[servers.length === 1 ? "standalone" : "leader", 2]],
      );
    },
  },
];

/** The event stream over a cluster's memory that changes as its daemons change it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SimulatedWorld } from "../../../src/base/index.ts";
import { type ClusterState, type Leadership, openClusterState } from "../../../src/state/index.ts";
import { ClusterWatch } from "../../../src/ui/events/cluster-watch.ts";
import { eventText, streamStart } from "../../../src/ui/events/event-stream.ts";
import type { Assignment, StormBase } from "../../../src/wire/thrift/index.ts";
import { SimulatedZooKeeper } from "../../kit/index.ts";

const id = "wc-1-1";
const base: StormBase = { name: "wc", status: "ACTIVE", num_workers: 1, component_executors: new Map([["split", 2]]) };
const assignment: Assignment = {
  master_code_dir: "storm-local",
  node_host: new Map([["s1", "node1"]]),
  executor_node_port: [[[1, 2], { node: "s1", port: new Set([6700]) }]],
  executor_start_time_secs: [[[1, 2], 1700000000]],
  worker_resources: [],
  total_shared_off_heap: new Map(),
};

async function stage() {
  const world = new SimulatedWorld({ seed: 5, logLevel: "error" });
  const zooKeeper = new SimulatedZooKeeper(world);
  const daemon = (host: string) => {
    const process = world.start({ host });
    const options = { servers: zooKeeper.servers, root: "/storm", sessionTimeoutMs: 2000, patienceMs: 20_000 };
    return { process, state: openClusterState(process.runtime, options) };
  };
  const finish = <T>(promise: Promise<T>) => world.finish(promise, { what: "an answer" });
  const lead = async (host: string) => {
    const { process, state } = daemon(host);
    const gained = Promise.withResolvers<Leadership>();
    state.joinLeaderLatch({ id: `${host}:6627:0`, onGained: (leadership) => void gained.resolve(leadership) });
    return { process, state, writes: state.leaderWrites(await finish(gained.promise)) };
  };
  const ui = daemon("ui");
  await finish(ui.state.makeBaseNodes());
  const watch = new ClusterWatch(ui.process.runtime, ui.state);
  const until = (event: string) =>
    world.until(() => watch.log.after(0)?.some((each) => each.event === event) === true, { what: event });
  return { world, daemon, finish, lead, watch, until };
}

function beat(state: ClusterState, startedSecs: number): Promise<void> {
  return state.setWorkerBeat(id, "s1", 6700, {
    storm_id: id,
    executor_stats: [],
    time_secs: startedSecs + 5,
    uptime_secs: 5,
  });
}

describe("the event stream", () => {
  it("tells what daemons do, in order, and resumes where one left off", async () => {
    const { daemon, finish, lead, watch, until } = await stage();
    const nimbus = await lead("nimbus1");
    await until("leader-elected");
    const node = daemon("node1");
    const info = { time_secs: 1, hostname: "node1", meta: [6700, 6701] };
    node.state.keepSupervisor("s1", 1000, () => info);
    await until("supervisor-joined");
    await finish(nimbus.writes.setupTopology(id));
    await finish(nimbus.writes.createStorm(id, base));
    await finish(nimbus.writes.setAssignment(id, assignment));
    await until("topology-scheduled");
    await finish(beat(node.state, 100));
    await until("worker-started");
    const seen = streamStart(watch, "life", null);
    assert.match(seen.text, /^retry: 1000\n\nid: life-\d+\nevent: picture\ndata: \{.*"startedSecs":100.*\}\n\n$/);
    await finish(
      node.state.reportError(id, "split", { error: "no\n  at split", error_time_secs: 9, host: "node1", port: 6700 }),
    );
    await until("error");
    await finish(beat(node.state, 200));
    await until("worker-ended");
    const missed = watch.log.after(seen.seq) ?? [];
    assert.deepEqual(
      missed.map(({ event }) => event),
      ["error", "worker-ended", "worker-started"],
    );
    const again = streamStart(watch, "life", `life-${seen.seq}`);
    assert.equal(again.text, `retry: 1000\n\n${missed.map((event) => eventText("life", event)).join("")}`);
    assert.match(streamStart(watch, "life", "other-3").text, /event: picture/);
    assert.match(streamStart(watch, "life", "life-999999").text, /event: picture/);
    assert.match(streamStart(watch, "life", "nonsense\n").text, /event: picture/);
    assert.deepEqual(
      (watch.log.after(0) ?? []).slice(0, 3).map(({ event }) => event),
      ["nimbus-joined", "leader-elected", "supervisor-joined"],
    );
  });

  it("tells of a leader and a supervisor that die when their sessions do", async () => {
    const { world, daemon, lead, until } = await stage();
    const nimbus = await lead("nimbus1");
    const node = daemon("node1");
    node.state.keepSupervisor("s1", 1000, () => ({ time_secs: 1, hostname: "node1", meta: [] }));
    await until("supervisor-joined");
    world.kill(node.process.pid);
    world.kill(nimbus.process.pid);
    await until("supervisor-lost");
    await until("leader-lost");
    await lead("nimbus2");
    await until("nimbus-lost");
  });
});

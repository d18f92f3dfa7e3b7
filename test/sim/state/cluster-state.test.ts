/** What lies where, by Storm's layout; ephemeral nodes through expiry and kills; followers without their watches. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { isStormLabError, SimulatedWorld } from "../../../src/base/index.ts";
import {
  type ClusterState,
  type Following,
  follow,
  type Leadership,
  openClusterState,
} from "../../../src/state/index.ts";
import { type Assignment, type ErrorInfo, StormBase, type SupervisorInfo } from "../../../src/wire/thrift/index.ts";
import { openZooKeeper, type ZooKeeperClient } from "../../../src/zookeeper/index.ts";
import { SimulatedZooKeeper } from "../../kit/index.ts";

const sessionTimeoutMs = 2000;
const storm: StormBase = { name: "wc", status: "ACTIVE", num_workers: 2, component_executors: new Map([["split", 4]]) };
const assignment: Assignment = {
  master_code_dir: "storm-local",
  node_host: new Map([["s1", "host1"]]),
  executor_node_port: [[[1, 2], { node: "s1", port: new Set([6700]) }]],
  executor_start_time_secs: [[[1, 2], 1700000000]],
  worker_resources: [],
  total_shared_off_heap: new Map(),
  owner: "me",
};

function supervisor(timeSecs: number): SupervisorInfo {
  return { time_secs: timeSecs, hostname: "host1", meta: [6700, 6701], server_port: 6628 };
}

class Stage {
  readonly world: SimulatedWorld;
  readonly zk: SimulatedZooKeeper;
  /** Sees the bytes. */
  readonly raw: ZooKeeperClient;

  constructor(seed: number) {
    this.world = new SimulatedWorld({ seed, logLevel: "error" });
    this.zk = new SimulatedZooKeeper(this.world);
    this.raw = openZooKeeper(this.world.start({ host: "eye" }).runtime, { servers: this.zk.servers });
  }

  daemon(host: string) {
    const process = this.world.start({ host });
    const options = { servers: this.zk.servers, root: "/storm", sessionTimeoutMs, patienceMs: 20_000 };
    return { process, state: openClusterState(process.runtime, options) };
  }

  do<T>(promise: Promise<T>): Promise<T> {
    return this.world.finish(promise, { what: "an answer" });
  }

  async leader(host = "nimbus") {
    const { process, state } = this.daemon(host);
    let leadership: Leadership | null = null;
    state.joinLeaderLatch({ id: `${host}:6627:0`, onGained: (gained) => (leadership = gained) });
    await this.world.until(() => leadership !== null, { what: `${host} leads` });
    const held = leadership as unknown as Leadership;
    return { process, state, leadership: held, writes: state.leaderWrites(held) };
  }

  async names(path: string): Promise<string[]> {
    return [...((await this.do(this.raw.getChildren(path)))?.children ?? [])].sort();
  }

  async owner(path: string): Promise<bigint> {
    return (await this.do(this.raw.exists(path)))?.ephemeralOwner ?? -1n;
  }
}

describe("the layout", () => {
  it("is Storm's: nodes of a start, and gzipped Thrift in them", async () => {
    const stage = new Stage(1);
    const { state, writes } = await stage.leader();
    await stage.do(state.makeBaseNodes());
    assert.deepEqual(await stage.names("/storm"), [
      "assignments",
      "backpressure",
      "blobstore",
      "errors",
      "leader-lock",
      "logconfigs",
      "nimbuses",
      "storms",
      "supervisors",
      "workerbeats",
    ]);
    assert.deepEqual((await stage.do(stage.raw.getData("/storm/storms")))?.data, Buffer.of(7));
    assert.equal(await stage.do(writes.createStorm("wc-1-1700000000", storm)), true);
    assert.equal(await stage.do(writes.createStorm("wc-1-1700000000", storm)), true, "as when an answer was lost");
    assert.equal(await stage.do(writes.createStorm("wc-1-1700000000", { ...storm, num_workers: 9 })), false);
    const bytes = (await stage.do(stage.raw.getData("/storm/storms/wc-1-1700000000")))?.data ?? Buffer.alloc(0);
    assert.deepEqual(StormBase.decode(gunzipSync(bytes)), storm);
    assert.deepEqual(await stage.do(state.storm("wc-1-1700000000")), storm);
  });

  it("gives back what was written, and takes it away with the topology", async () => {
    const stage = new Stage(2);
    const { state, writes } = await stage.leader();
    const id = "wc-1-1700000000";
    await stage.do(writes.setupTopology(id));
    await stage.do(writes.createStorm(id, storm));
    await stage.do(writes.setAssignment(id, assignment));
    await stage.do(writes.setCredentials(id, { creds: new Map([["a", "b"]]) }));
    await stage.do(writes.setLogConfig(id, { named_logger_level: new Map() }));
    const request = {
      nodeInfo: { node: "host1", port: new Set([6700]) },
      action: "JSTACK_DUMP" as const,
      time_stamp: 7,
    };
    await stage.do(writes.setProfileRequest(id, request));
    assert.deepEqual(await stage.names(`/storm/profilerconfigs/${id}`), ["host1_6700_JSTACK_DUMP"]);
    assert.deepEqual(await stage.do(state.assignment(id)), assignment);
    assert.deepEqual((await stage.do(state.credentials(id)))?.creds, new Map([["a", "b"]]));
    assert.deepEqual(await stage.do(state.profileRequests(id)), [request]);
    const beat = { storm_id: id, executor_stats: [], time_secs: 5, uptime_secs: 3 };
    await stage.do(state.setWorkerBeat(id, "s1", 6700, beat));
    assert.deepEqual(await stage.names(`/storm/workerbeats/${id}`), ["s1-6700"]);
    assert.deepEqual(await stage.do(state.workerBeat(id, "s1", 6700)), beat);
    assert.deepEqual([...(await stage.do(state.topologiesWithRemains()))], [id]);
    await stage.do(writes.removeStorm(id));
    await stage.do(writes.removeRemains(id));
    for (const folder of [
      "storms",
      "assignments",
      "credentials",
      "logconfigs",
      "profilerconfigs",
      "workerbeats",
      "errors",
    ]) {
      assert.deepEqual(await stage.names(`/storm/${folder}`), [], folder);
    }
  });

  it("lets no assignment come behind a topology's removal", async () => {
    const stage = new Stage(12);
    const { state, writes } = await stage.leader();
    for (const assigned of [true, false]) {
      await stage.do(writes.createStorm("t", storm));
      if (assigned) await stage.do(writes.setAssignment("t", assignment));
      await stage.do(writes.removeStorm("t"));
      assert.equal(await stage.do(writes.setAssignment("t", assignment)), false);
      assert.deepEqual(await stage.do(state.assignments()), []);
      assert.deepEqual(await stage.do(state.topologies()), []);
    }
    await stage.do(stage.raw.create("/storm/assignments/orphan"));
    await stage.do(writes.removeStorm("orphan"));
    assert.deepEqual(await stage.do(state.assignments()), []);
  });

  it("overwrites a topology's base only as it was read", async () => {
    const stage = new Stage(3);
    const { state, writes } = await stage.leader();
    await stage.do(writes.createStorm("t", storm));
    const read = await stage.do(state.versionedStorm("t"));
    const version = read?.version ?? -1;
    assert.equal(await stage.do(writes.replaceStorm("t", { ...storm, status: "KILLED" }, version)), true);
    assert.equal(await stage.do(writes.replaceStorm("t", { ...storm, status: "INACTIVE" }, version)), false);
    assert.equal((await stage.do(state.storm("t")))?.status, "KILLED");
  });

  it("keeps the newest ten errors of a component, whatever its name, and the last one", async () => {
    const stage = new Stage(4);
    const { state } = stage.daemon("worker");
    const errors = Array.from(
      { length: 13 },
      (_, index): ErrorInfo => ({
        error: `error ${index}`,
        error_time_secs: 100 + Math.floor(index / 2),
        host: "host1",
        port: 6700,
      }),
    );
    for (const error of errors) await stage.do(state.reportError("t", "a/b (1)", error));
    assert.deepEqual(await stage.names("/storm/errors/t"), ["a%2Fb+%281%29", "a%2Fb+%281%29-last-error"]);
    assert.deepEqual(await stage.do(state.errors("t", "a/b (1)")), errors.slice(3).reverse());
    assert.deepEqual(await stage.do(state.lastError("t", "a/b (1)")), errors[12]);
    assert.deepEqual(await stage.do(state.errors("t", "none")), []);
    assert.equal(await stage.do(state.lastError("t", "none")), null);
  });

  it("passes over what cannot be read in lists, and names it when asked for it", async () => {
    const stage = new Stage(5);
    const { state } = stage.daemon("s1");
    await stage.do(state.keepSupervisor("s1", 5000, () => supervisor(1)).refresh());
    for (const [name, data] of [
      ["junk", "junk"],
      ["empty", ""],
    ] as const) {
      await stage.do(stage.raw.create(`/storm/supervisors/${name}`, Buffer.from(data)));
    }
    await stage.do(stage.raw.create("/storm/supervisors/bomb", gzipSync(Buffer.alloc(40 * 1024 * 1024))));
    assert.deepEqual([...(await stage.do(state.supervisorInfos()))], [["s1", supervisor(1)]]);
    for (const name of ["junk", "empty", "bomb"]) {
      await assert.rejects(
        stage.do(state.supervisorInfo(name)),
        (error) => isStormLabError(error, "SL-STATE-VALUE"),
        name,
      );
    }
  });
});

describe("a leader's writes", () => {
  it("stop when another one leads", async () => {
    const stage = new Stage(6);
    const old = await stage.leader("n1");
    assert.equal(await stage.do(old.writes.setAssignment("t", assignment)), false, "there is no such topology");
    await stage.do(old.writes.createStorm("t", storm));
    assert.equal(await stage.do(old.writes.setAssignment("t", assignment)), true);
    stage.world.partition(["n1"], ["zk1"]);
    const next = await stage.leader("n2");
    assert.equal(old.leadership.held, false);
    await stage.do(next.writes.setAssignment("t", { ...assignment, owner: "n2" }));
    stage.world.heal();
    await assert.rejects(
      stage.do(old.writes.setAssignment("t", { ...assignment, owner: "n1" })),
      (error) => isStormLabError(error, "SL-STATE-NOT-LEADER") || isStormLabError(error, "SL-ZK-SESSION-EXPIRED"),
    );
    assert.equal((await stage.do(next.state.assignment("t")))?.owner, "n2");
  });
});

describe("kept nodes", () => {
  it("are written again soon when their value could not be had at all", async () => {
    const stage = new Stage(8);
    const { state } = stage.daemon("s1");
    let asked = 0;
    const kept = state.keepSupervisor("s1", 500, () => {
      if (++asked < 3) throw new Error("odd");
      return supervisor(asked);
    });
    await assert.rejects(stage.do(kept.refresh()), /odd/);
    await stage.world.run({ forMs: 3000 });
    assert.notEqual(await stage.owner("/storm/supervisors/s1"), -1n);
  });

  it("are written again in the session after an expired one, and when somebody deletes them", async () => {
    const stage = new Stage(7);
    const { state } = stage.daemon("s1");
    let beats = 0;
    const kept = state.keepSupervisor("s1", 500, () => supervisor(++beats));
    await stage.do(kept.refresh());
    const path = "/storm/supervisors/s1";
    const first = await stage.owner(path);
    stage.world.partition(["s1"], ["zk1"]);
    await stage.world.run({ forMs: sessionTimeoutMs * 2 });
    assert.equal(await stage.owner(path), -1n, "its session has expired");
    stage.world.heal();
    await stage.world.run({ forMs: 1500 });
    assert.notEqual(await stage.owner(path), -1n);
    assert.notEqual(await stage.owner(path), first);
    await stage.do(stage.raw.delete(path));
    await stage.world.run({ forMs: 600 });
    assert.notEqual(await stage.owner(path), -1n);
    await stage.do(kept.close());
    await stage.world.run({ forMs: 3000 });
    assert.equal(await stage.owner(path), -1n, "it was closed");
  });

  it("are taken over from the life before", async () => {
    const stage = new Stage(8);
    const before = stage.daemon("s1");
    await stage.do(before.state.keepSupervisor("s1", 5000, () => supervisor(1)).refresh());
    stage.world.kill(before.process.pid);
    const after = stage.daemon("s1");
    await stage.do(after.state.keepSupervisor("s1", 5000, () => supervisor(2)).refresh());
    await stage.world.run({ forMs: sessionTimeoutMs * 2 });
    assert.equal((await stage.do(after.state.supervisorInfo("s1")))?.time_secs, 2);
    assert.notEqual(await stage.owner("/storm/supervisors/s1"), 0n);
  });

  it("say which version of a blob a nimbus has, and only that", async () => {
    const stage = new Stage(9);
    const { state, writes } = await stage.leader("n1");
    const old = await stage.do(state.keepBlob("key", "n1:6627:0", 1));
    await stage.do(old.close());
    await stage.do(stage.raw.create("/storm/blobstore/key/n1:6627:0-2", null, { mode: "ephemeral" }));
    await stage.do(state.keepBlob("key", "n1:6627:0", 3));
    assert.deepEqual(await stage.do(state.blobHolders("key")), [{ nimbusId: "n1:6627:0", version: 3 }]);
    await stage.do(writes.setBlobMaxVersion("key", 3));
    assert.deepEqual(
      (await stage.do(stage.raw.getData("/storm/blobstoremaxkeysequencenumber/key")))?.data,
      Buffer.of(0, 0, 0, 3),
    );
    assert.equal(await stage.do(state.blobMaxVersion("key")), 3);
  });
});

describe("following", () => {
  function followed(stage: Stage, state: ClusterState, pollMs: number) {
    const seen: string[] = [];
    const { runtime } = stage.world.start({ host: "follower" });
    const following: Following = follow(runtime, {
      name: "supervisors",
      read: (watch) => state.supervisors(watch),
      pollMs,
      onValue: (ids) => void seen.push(ids.join()),
    });
    return { seen, following };
  }

  it("sees each change at once by its watch, from before the parent exists", async () => {
    const stage = new Stage(10);
    const { state } = stage.daemon("n1");
    const { seen, following } = followed(stage, state, 1_000_000);
    await stage.world.until(() => seen.length === 1, { what: "the first reading" });
    assert.deepEqual(seen, [""]);
    for (const id of ["s1", "s2", "s3"]) {
      await stage.do(
        stage
          .daemon(id)
          .state.keepSupervisor(id, 5000, () => supervisor(1))
          .refresh(),
      );
      await stage.world.until(() => seen.at(-1)?.endsWith(id) === true, { what: `${id} is seen`, deadlineMs: 100 });
    }
    stage.zk.kill("zk1");
    await stage.world.run({ forMs: 300 });
    stage.zk.start("zk1");
    await stage.do(
      stage
        .daemon("s4")
        .state.keepSupervisor("s4", 5000, () => supervisor(1))
        .refresh(),
    );
    await stage.world.until(() => seen.at(-1)?.endsWith("s4") === true, { what: "s4 is seen", deadlineMs: 3000 });
    following.stop();
    const readings = seen.length;
    await stage.do(stage.raw.create("/storm/supervisors/s5"));
    await stage.world.run({ forMs: 1000 });
    assert.equal(seen.length, readings);
  });

  it("sees it by polling when no watch fires", async () => {
    const stage = new Stage(11);
    const { state } = stage.daemon("n1");
    const deaf = Object.create(state, { supervisors: { value: () => state.supervisors() } }) as ClusterState;
    const { seen } = followed(stage, deaf, 1000);
    await stage.world.until(() => seen.length === 1, { what: "the first reading" });
    await stage.do(state.keepSupervisor("s1", 5000, () => supervisor(1)).refresh());
    await stage.world.until(() => seen.at(-1) === "s1", { what: "s1 is seen", deadlineMs: 1100 });
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { followerCount, followersOf, people, reachOf, tweetersOf } from "../../../labs/drpc/reach/follower-graph.ts";
import { reachFunction } from "../../../labs/drpc/reach/topology.ts";
import { LocalDRPC } from "../../../src/index.ts";
import { VirtualCluster } from "../../kit/virtual-cluster.ts";

const edgesKnown = 1_245_323;
const known = new Map<string, number>([
  ["http://baidu.com", 8_340],
  ["http://www.qq.com", 20_024],
  ["https://storm.apache.org", 7_063],
  ["https://zookeeper.apache.org/doc", 8_934],
  ["http://baidu.com/搜索", 36_403],
  ["nobody", 0],
  ["", 0],
]);

const everybody = Array.from({ length: people }, (_, person) => person);

describe("the follower graph", () => {
  it("has more than a million edges, some people with very many", () => {
    const counts = everybody.map(followerCount).sort((a, b) => a - b);
    const edges = counts.reduce((sum, count) => sum + count, 0);
    assert.equal(edges, edgesKnown);
    assert.ok(edges > 1_000_000);
    assert.ok(
      (counts.at(-1) ?? 0) > 1000 && (counts[people / 2 - 0.5] ?? 0) < 16,
      `median ${counts[people / 2 - 0.5]}`,
    );
  });

  it("names each follower once, and is the same every time", () => {
    for (const person of [0, 1, 4711, people - 1]) {
      const followers = followersOf(person);
      assert.equal(new Set(followers).size, followerCount(person));
      assert.ok(followers.every((follower) => Number.isInteger(follower) && follower >= 0 && follower < people));
      assert.deepEqual(followersOf(person), followers);
    }
    assert.equal(new Set(tweetersOf("http://baidu.com")).size, tweetersOf("http://baidu.com").length);
  });
});

describe("reach", () => {
  it("has known answers", () => {
    assert.deepEqual(
      Object.fromEntries([...known.keys()].map((url) => [url, reachOf(url)])),
      Object.fromEntries(known),
    );
  });

  for (const [tasks, workers] of [
    [1, 1],
    [4, 2],
    [5, 3],
  ] as const) {
    it(`is counted exactly by ${tasks} tasks of each bolt on ${workers} workers`, async () => {
      const cluster = new VirtualCluster();
      const drpc = new LocalDRPC({ runtime: cluster.runtime });
      await cluster.submit(reachFunction(tasks).createLocalTopology(drpc), { "topology.workers": workers }, "reach");
      const answers = [...known.keys()].map((url) => drpc.execute("reach", url));
      assert.deepEqual(await cluster.finish(Promise.all(answers), "all answer"), [...known.values()].map(String));
    });
  }
});

/** What the page makes of numbers, events and addresses, without a browser. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { emptyUiPicture, pictureAfter } from "../../../src/client/ui-picture.ts";
import { placed } from "../../../src/page/graph-layout.ts";
import { Rates, shortNumber } from "../../../src/page/rates.ts";
import { addressOf, placeOf } from "../../../src/page/route.ts";
import { wordsIn } from "../../../src/page/words.ts";

const happened = (event: string, more: object = {}) => ({ seq: 1, atMs: 0, event, ...more });
const slot = (port: number) => ({ host: "n1", port });

describe("the picture of the page", () => {
  it("follows what happens: a worker dies in its slot and comes back", () => {
    const id = "wc-1-1";
    let picture = pictureAfter(emptyUiPicture, happened("topology-submitted", { id, name: "wc", status: "ACTIVE" }));
    picture = pictureAfter(picture, happened("topology-scheduled", { id, given: [slot(1), slot(2)], taken: [] }));
    picture = pictureAfter(picture, happened("worker-started", { id, place: slot(1) }));
    const alive = picture.topologies[0];
    assert.deepEqual([alive?.slots, alive?.beating], [[slot(1), slot(2)], [slot(1)]]);
    picture = pictureAfter(picture, happened("worker-ended", { id, place: slot(1) }));
    assert.deepEqual(picture.topologies[0]?.beating, []);
    picture = pictureAfter(picture, happened("topology-scheduled", { id, given: [slot(3)], taken: [slot(1)] }));
    assert.deepEqual(picture.topologies[0]?.slots, [slot(3), slot(2)]);
    picture = pictureAfter(picture, happened("topology-status", { id, status: "KILLED" }));
    assert.equal(picture.topologies[0]?.status, "KILLED");
    assert.deepEqual(pictureAfter(picture, happened("topology-removed", { id })).topologies, []);
  });

  it("knows who leads and who is there, and ignores what it does not know", () => {
    const n1 = { host: "n1", port: 6627 };
    let picture = pictureAfter(emptyUiPicture, happened("nimbus-joined", n1));
    picture = pictureAfter(picture, happened("leader-elected", n1));
    assert.deepEqual([picture.leader, picture.nimbuses], [n1, [n1]]);
    assert.equal(pictureAfter(picture, happened("leader-lost", { host: "n2", port: 6627 })).leader, picture.leader);
    assert.equal(pictureAfter(picture, happened("leader-lost", n1)).leader, null);
    picture = pictureAfter(picture, happened("supervisor-joined", { id: "s", host: "n2", slots: 4 }));
    assert.deepEqual(picture.supervisors, [{ id: "s", host: "n2", slots: 4 }]);
    assert.deepEqual(pictureAfter(picture, happened("supervisor-lost", { id: "s" })).supervisors, []);
    assert.deepEqual(pictureAfter(picture, happened("something-new", { id: "s" })), picture);
  });
});

describe("a rate", () => {
  it("is the growth between two heartbeats, kept until the next one, and 0 when none comes", () => {
    const rates = new Rates();
    assert.deepEqual(
      [
        [0, 1000],
        [0, 2000],
        [500, 3000],
        [500, 4000],
        [700, 5000],
        [700, 14_900],
        [700, 15_100],
        [10, 16_000],
      ].map(([value = 0, nowMs = 0]) => rates.add("k", value, nowMs)),
      [0, 0, 250, 250, 100, 100, 0, 0],
      "a count that falls is another worker's",
    );
  });

  it("is written in three figures", () => {
    const texts = [0, 0.25, 7, 12.34, 999, 1234, 12_345, 123_456, 1_234_567, 12e9].map(shortNumber);
    assert.deepEqual(texts, ["0", "0.3", "7", "12.3", "999", "1234", "12.3k", "123k", "1.2M", "12.0G"]);
  });
});

describe("an address of the page", () => {
  it("names its view, whatever the names in it", () => {
    const place = { view: "component", id: "a/b-1", component: "c%d #é" } as const;
    assert.deepEqual(placeOf(addressOf(place)), place);
    assert.deepEqual(placeOf("#/topology/x"), { view: "topology", id: "x" });
    for (const hash of ["", "#", "#/", "#/nothing", "#/topology", "#/%ff"])
      assert.deepEqual(placeOf(hash), { view: "cluster" });
  });
});

describe("the graph of the page", () => {
  const input = (component: string, stream = "default") => ({
    ":component": component,
    ":stream": stream,
    ":grouping": "shuffle",
  });
  const shape = {
    spout: { ":type": "spout" as const, ":inputs": [] },
    split: { ":type": "bolt" as const, ":inputs": [input("spout"), input("count", "again")] },
    count: { ":type": "bolt" as const, ":inputs": [input("split"), input("split", "odd")] },
    __acker: { ":type": "bolt" as const, ":inputs": [input("spout", "__ack_init")] },
  };

  it("stands from left to right, with every stream, also round in a circle", () => {
    const { nodes, edges } = placed(shape, false);
    const x = Object.fromEntries(nodes.map((node) => [node.id, node.x]));
    assert.deepEqual(Object.keys(x), ["spout", "split", "count"]);
    assert.ok((x.spout ?? 0) < (x.split ?? 0) && (x.split ?? 0) < (x.count ?? 0));
    assert.deepEqual(
      edges.map(({ from, stream, to }) => `${from} ${stream} ${to}`),
      ["spout default split", "count again split", "split default count", "split odd count"],
    );
    assert.ok(edges.every(({ points }) => points.length >= 2));
    assert.equal(placed(shape, true).nodes.length, 4);
  });
});

describe("the words of the page", () => {
  it("take values, in both languages", () => {
    const values = { name: "wc", place: "n1:6700" };
    assert.equal(wordsIn("en")("worker-ended", values), "wc: the worker on n1:6700 ended");
    assert.equal(wordsIn("zh")("worker-ended", values), "wc：n1:6700 上的工作进程结束");
    assert.equal(wordsIn("en")("worker-ended"), ": the worker on  ended");
  });
});

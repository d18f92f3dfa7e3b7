import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "../../../../src/base/index.ts";
import { HostRotation, hostText, parseConnectString } from "../../../../src/zookeeper/client/connect-string.ts";

describe("a connect string", () => {
  it("lists servers, with ZooKeeper's port where none is given", () => {
    assert.deepEqual(parseConnectString("a:1, b ,[::1]:3,[fe80::2]"), [
      { host: "a", port: 1 },
      { host: "b", port: 2181 },
      { host: "::1", port: 3 },
      { host: "fe80::2", port: 2181 },
    ]);
    assert.deepEqual(parseConnectString("[::1]:3,a:1").map(hostText), ["[::1]:3", "a:1"]);
  });

  it("is refused when it says no place", () => {
    for (const text of ["", " , ", "a:0", "a:65536", "a:b", "a:1:2", "a b:1", "a:1/chroot", "[::1"]) {
      assert.throws(() => parseConnectString(text), { code: "SL-ZK-CONNECT-STRING" }, text);
    }
  });
});

describe("the rotation of servers", () => {
  const hosts = parseConnectString("a:1,b:2,c:3");

  it("tries each once before it waits, then longer and longer up to a second", () => {
    const rotation = new HostRotation(hosts, new SeededRandom(1));
    const tries = Array.from({ length: 30 }, () => rotation.next());
    const rounds = Array.from({ length: 10 }, (_, round) => tries.slice(3 * round, 3 * round + 3));
    for (const [index, round] of rounds.entries()) {
      assert.equal(new Set(round.map(({ host }) => host)).size, 3);
      const [first, ...others] = round.map(({ delayMs }) => delayMs);
      assert.deepEqual(others, [0, 0]);
      const ceilingMs = index === 0 ? 0 : Math.min(50 * 2 ** (index - 1), 1000);
      assert.ok(first !== undefined && first >= ceilingMs / 2 && first <= ceilingMs, `${first} in round ${index}`);
    }
  });

  it("starts over after a success, with the next server", () => {
    const rotation = new HostRotation(hosts, new SeededRandom(1));
    const order = [rotation.next(), rotation.next(), rotation.next()].map(({ host }) => host);
    rotation.next();
    rotation.succeeded();
    assert.deepEqual(rotation.next(), { host: order[1], delayMs: 0 });
  });

  it("begins at different servers for different clients", () => {
    const firsts = Array.from({ length: 30 }, (_, seed) => new HostRotation(hosts, new SeededRandom(seed)).next().host);
    assert.equal(new Set(firsts).size, 3);
  });
});

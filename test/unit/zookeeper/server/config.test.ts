/** zoo.cfg: read as ZooKeeper reads it; what is wrong is said with the line and the way out. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isStormLabError, type StormLabError } from "../../../../src/base/index.ts";
import { isEnsemble, parseZooConfig } from "../../../../src/zookeeper/server/config.ts";
import { honouredKeys, keysWithoutEffect, refusedKeys } from "../../../../src/zookeeper/server/config-keys.ts";
import { zooKeeperServerErrorCodes } from "../../../../src/zookeeper/server/error-codes.ts";
import { parseProperties } from "../../../../src/zookeeper/server/properties.ts";

const minimal = "dataDir=/data\nclientPort=2181\n";
const ensemble = `${minimal}initLimit=10\nsyncLimit=5\n`;

function refusal(text: string): StormLabError {
  try {
    parseZooConfig(text, "zoo.cfg");
  } catch (error) {
    assert.ok(isStormLabError(error), String(error));
    assert.ok(error.code in zooKeeperServerErrorCodes, `${error.code} is not registered`);
    assert.ok(error.why.length > 0 && error.hint.length > 0);
    return error;
  }
  throw new Error(`accepted: ${text}`);
}

describe("properties", () => {
  it("follow Java's syntax", () => {
    const text = [
      "# comment",
      "  ! another",
      "a=1",
      "b : 2",
      "c   3",
      "d=",
      "e",
      "f=one, \\",
      "   two",
      "g\\ h=x\\=y",
      "i=\\u0041\\t",
      "j=trailing  ",
      "k=even\\\\",
      "l=last",
    ].join("\r\n");
    assert.deepEqual(
      parseProperties(text).map(({ key, value, line }) => [key, value, line]),
      [
        ["a", "1", 3],
        ["b", "2", 4],
        ["c", "3", 5],
        ["d", "", 6],
        ["e", "", 7],
        ["f", "one, two", 8],
        ["g h", "x=y", 10],
        ["i", "A\t", 11],
        ["j", "trailing  ", 12],
        ["k", "even\\", 13],
        ["l", "last", 14],
      ],
    );
  });

  it("never throw and never lose a line's number", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "=", ":", " ", "\\", "\n", "#", "u", "0") }), (text) => {
        for (const { line } of parseProperties(text)) assert.ok(line >= 1 && line <= text.split("\n").length);
      }),
    );
  });
});

describe("defaults", () => {
  it("are ZooKeeper's", () => {
    const config = parseZooConfig(minimal, "zoo.cfg");
    const parse = (line: string) => parseZooConfig(`${minimal}${line}`, "zoo.cfg").commitLogCount;
    assert.equal(config.tickTimeMs, 3000);
    assert.deepEqual([config.minSessionTimeoutMs, config.maxSessionTimeoutMs], [6000, 60_000]);
    assert.deepEqual([config.maxClientCnxns, config.maxCnxns, config.globalOutstandingLimit], [60, 0, 1000]);
    assert.deepEqual([config.snapCount, config.forceSync, config.maxBufferBytes], [100_000, true, 0xfffff]);
    assert.deepEqual(
      [config.commitLogCount, parse("commitLogCount=20"), parse("commitLogCount=2000")],
      [500, 500, 2000],
    );
    assert.deepEqual([...config.fourLetterWords], ["srvr"]);
    assert.deepEqual(config.purge, { snapRetainCount: 3, intervalHours: 0 });
    assert.equal(config.dataLogDir, config.dataDir);
    assert.equal(config.admin.enabled, false, "8080 is Storm UI's");
    assert.ok(Object.isFrozen(config));
  });

  it("give the tutorial's three servers their places", () => {
    const config = parseZooConfig(
      `tickTime=2000\n${ensemble}${[1, 2, 3].map((n) => `server.${n}=127.0.0.1:800${n}:900${n}`).join("\n")}`,
      "zoo.cfg",
    );
    assert.ok(isEnsemble(config));
    assert.deepEqual(config.servers.get(2), {
      id: 2,
      host: "127.0.0.1",
      quorumPort: 8002,
      electionPort: 9002,
      type: "participant",
      client: null,
    });
    assert.equal(config.connectToLearnerMasterLimit, 10);
  });

  it("make one server line standalone, unless standalone is switched off", () => {
    assert.equal(isEnsemble(parseZooConfig(`${minimal}server.1=a:1:2`, "zoo.cfg")), false);
    assert.equal(isEnsemble(parseZooConfig(`${ensemble}standaloneEnabled=false\nserver.1=a:1:2`, "zoo.cfg")), true);
  });
});

describe("a server line", () => {
  it("may name its role, its client port and an IPv6 address", () => {
    const config = parseZooConfig(
      `${ensemble}server.1=[::1]:2888:3888:observer;[::1]:2182\nserver.2=b:1:2;2183`,
      "zoo.cfg",
    );
    assert.deepEqual(config.servers.get(1), {
      id: 1,
      host: "::1",
      quorumPort: 2888,
      electionPort: 3888,
      type: "observer",
      client: { host: "::1", port: 2182 },
    });
    assert.deepEqual(config.servers.get(2)?.client, { host: null, port: 2183 });
  });

  for (const line of ["a", "a:1", "a:x:2", "a:1:70000", ":1:2", "a:1:2:king", "a:1:2;x", "[::1:1:2", "a:1:2|b:3:4"]) {
    it(`refuses ${line}`, () => assert.equal(refusal(`${ensemble}server.1=${line}`).code, "SL-ZK-CONFIG-SERVER"));
  }

  it("may not share a port with another one on the same host", () => {
    const error = refusal(`${ensemble}server.1=h:1:2\nserver.2=h:3:2`);
    assert.match(error.message, /h:2 is both the election port of server\.1 and the election port of server\.2/);
  });
});

describe("what is wrong with it", () => {
  for (const [text, code, words] of [
    ["clientPort=2181", "SL-ZK-CONFIG-MISSING", /dataDir/],
    ["dataDir=/d", "SL-ZK-CONFIG-MISSING", /clientPort/],
    [`${minimal}server.1=a:1:2\nserver.2=b:1:2`, "SL-ZK-CONFIG-MISSING", /initLimit/],
    [`${minimal}tickTime=fast`, "SL-ZK-CONFIG-VALUE", /line 3: tickTime=fast/],
    [`${minimal}tickTime=0`, "SL-ZK-CONFIG-VALUE", /tickTime=0/],
    [`${minimal}clientPort=2182`, "SL-ZK-CONFIG-TWICE", /clientPort is set twice, in line 2 to "2181" and in line 3/],
    [`${minimal}tikTime=2000`, "SL-ZK-CONFIG-UNKNOWN", /"tikTime"/],
    [`${minimal}electionAlg=0`, "SL-ZK-CONFIG-VALUE", /electionAlg/],
    [`${minimal}secureClientPort=2281`, "SL-ZK-CONFIG-REFUSED", /secureClientPort/],
    [`${minimal}ssl.keyStore.location=/k`, "SL-ZK-CONFIG-REFUSED", /ssl\.keyStore/],
    [`${minimal}reconfigEnabled=true`, "SL-ZK-CONFIG-REFUSED", /reconfigEnabled/],
    ["dataDir=D:\\\\zk\\\\data\nclientPort=1", "SL-ZK-CONFIG-WINDOWS-PATH", /D:\\zk\\data is a Windows path/],
    ["dataDir=D:/zk/data\nclientPort=1", "SL-ZK-CONFIG-WINDOWS-PATH", /D:\/zk\/data/],
    [`${minimal}minSessionTimeout=9000\nmaxSessionTimeout=5000`, "SL-ZK-CONFIG-VALUE", /9000 is above/],
    [`${ensemble}server.1=a:1:2:observer\nserver.2=b:1:2:observer`, "SL-ZK-CONFIG-VALUE", /observer/],
  ] as const) {
    it(`is said: ${JSON.stringify(text.slice(-40))}`, () => {
      const error = refusal(text);
      assert.equal(error.code, code);
      assert.match(error.message, words);
    });
  }

  it("names the key that was meant", () => {
    assert.match(refusal(`${minimal}tikTime=2000`).hint, /did you mean tickTime/);
    assert.match(refusal(`${minimal}clientport=2000`).hint, /did you mean clientPort/);
  });

  it("accepts Windows paths on Windows", () => {
    assert.equal(parseZooConfig("dataDir=D:\\\\zk\\\\data\nclientPort=1", "zoo.cfg", true).dataDir, "D:\\zk\\data");
  });
});

describe("every known key", () => {
  it("has exactly one answer", () => {
    const all = [...honouredKeys, ...Object.keys(keysWithoutEffect), ...Object.keys(refusedKeys)];
    assert.equal(new Set(all).size, all.length);
  });

  it("of ZooKeeper 3.8's guide and sources has an answer", () => {
    const documented = readFileSync(new URL("./fixtures/documented-keys.txt", import.meta.url), "utf8")
      .trim()
      .split("\n");
    assert.ok(documented.length > 150);
    const values: Record<string, string> = { "server.1": "a:1:2", "DigestAuthenticationProvider.enabled": "no" };
    const unanswered = documented.filter((key) => {
      try {
        parseZooConfig(`dataDir=data\nclientPort=1\n${key}=${values[key] ?? "7"}`, "zoo.cfg");
        return false;
      } catch (error) {
        return (error as { code?: string }).code === "SL-ZK-CONFIG-UNKNOWN";
      }
    });
    assert.deepEqual(unanswered, []);
  });

  it("without effect is accepted, with a warning that says why", () => {
    const text =
      minimal +
      Object.keys(keysWithoutEffect)
        .map((key) => `${key}=1\n`)
        .join("");
    assert.equal(parseZooConfig(text, "zoo.cfg").warnings.length, Object.keys(keysWithoutEffect).length);
  });

  it("choose between the metrics providers that there are", () => {
    const metrics = (lines: string) => parseZooConfig(minimal + lines, "zoo.cfg").metrics;
    const provider = "metricsProvider.className=org.apache.zookeeper.metrics.";
    assert.equal(metrics(""), null);
    assert.equal(metrics(`${provider}impl.DefaultMetricsProvider\nmetricsProvider.httpPort=1\n`), null);
    const prometheus = `${provider}prometheus.PrometheusMetricsProvider\n`;
    assert.deepEqual(metrics(prometheus), { host: null, port: 7000 });
    const told = `${prometheus}metricsProvider.httpHost=127.0.0.1\nmetricsProvider.httpPort=7001\n`;
    assert.deepEqual(metrics(told), { host: "127.0.0.1", port: 7001 });
    assert.match(
      refusal(`${minimal}metricsProvider.className=mine.Provider`).message,
      /mine\.Provider is not org\.apache/,
    );
    assert.match(refusal(`${minimal}metricsProvider.httpport=1`).hint, /did you mean metricsProvider\.httpPort/);
  });

  it("may be written with or without zookeeper. before it", () => {
    assert.equal(parseZooConfig(`${minimal}zookeeper.snapCount=500`, "zoo.cfg").snapCount, 500);
    assert.deepEqual(
      [...parseZooConfig(`${minimal}4lw.commands.whitelist=stat, ruok`, "zoo.cfg").fourLetterWords],
      ["stat", "ruok"],
    );
  });
});

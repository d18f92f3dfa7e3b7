/** Storm's znode values made readable: golden bytes that Apache Storm 2.8.2 wrote, and bytes that are none. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { stormValue } from "../../../src/state/storm-value.ts";
import { dataJson, dataText } from "../../../src/state/znode-text.ts";
import { ClusterWorkerHeartbeat, StormBase } from "../../../src/wire/thrift/index.ts";

/** As its nimbus wrote it to /storm/nimbuses/127.0.0.1. */
const nimbusBytes = Buffer.from(
  "H4sIAAAAAAAA/+NmYGRgYOA0NDLXMwBCQw4GJgaGYC0OBuZslkXJTAwsDNwMrEAVrEZ6FnpGHAxsDCAAAMzVOpA2AAAA",
  "base64",
);
const nimbus = {
  host: "127.0.0.1",
  port: 21290,
  uptime_secs: 1795465827,
  isLeader: false,
  version: "2.8.2",
  tlsPort: 0,
};

function field(type: number, id: number, ...value: number[]): number[] {
  return [type, 0, id, ...value];
}
function text(value: string): number[] {
  return [0, 0, 0, value.length, ...Buffer.from(value)];
}
const stop = 0;
const long = (value: number): number[] => [0, 0, 0, 0, 0, 0, 0, value];

describe("a value of Storm", () => {
  it("is shown with the names of its fields", () => {
    const path = "/storm/nimbuses/127.0.0.1";
    assert.deepEqual(dataJson(path, nimbusBytes, false), { data: nimbus, encoding: "gzip+thrift" });
    assert.deepEqual(JSON.parse(dataText(path, nimbusBytes, false)), nimbus);
    assert.deepEqual(dataJson(path, nimbusBytes, true), { data: nimbusBytes.toString("base64"), encoding: "base64" });
  });

  it("is shown with field numbers where the path does not say what it is", () => {
    const { data } = dataJson("/elsewhere", nimbusBytes, false);
    assert.deepEqual(data, { 1: "127.0.0.1", 2: 21290, 3: 1795465827, 4: false, 5: "2.8.2", 6: 0 });
  });

  it("keeps executors and their places in an assignment readable", () => {
    const node = [...field(11, 1, ...text("n1")), ...field(14, 2, 10, 0, 0, 0, 1, ...long(42)), stop];
    const executor = [10, 0, 0, 0, 2, ...long(3), ...long(4)];
    const places = field(13, 3, 15, 12, 0, 0, 0, 1, ...executor, ...node);
    const bytes = Buffer.from([...field(11, 1, ...text("dir")), ...places, stop]);
    assert.deepEqual(stormValue("/storm/assignments/wc-1-2", bytes), {
      master_code_dir: "dir",
      node_host: {},
      executor_node_port: { "[3,4]": { node: "n1", port: [42] } },
      executor_start_time_secs: [],
      worker_resources: [],
      total_shared_off_heap: {},
    });
  });

  it("names what Storm numbers, and executors by their tasks", () => {
    const base = { name: "words", status: "INACTIVE", num_workers: 2 } as const;
    const shown = stormValue("/storm/storms/words-1-2", Buffer.from(StormBase.encode(base)));
    assert.deepEqual([(shown as typeof base).name, (shown as typeof base).status], ["words", "INACTIVE"]);
    const acked = new Map([[":all-time", new Map([["default", 7]])]]);
    const beat = {
      storm_id: "words-1-2",
      executor_stats: [
        [
          { task_start: 3, task_end: 4 },
          {
            emitted: acked,
            transferred: new Map(),
            specific: { spout: { acked, failed: new Map(), complete_ms_avg: new Map() } },
            rate: 1,
          },
        ],
      ],
      time_secs: 1,
      uptime_secs: 2,
    } as const;
    const path = "/storm/workerbeats/words-1-2/n1-6700";
    const { executor_stats } = stormValue(path, Buffer.from(ClusterWorkerHeartbeat.encode(beat))) as {
      executor_stats: Record<string, { specific: unknown }>;
    };
    assert.deepEqual(executor_stats["[3,4]"]?.specific, {
      spout: { acked: { ":all-time": { default: 7 } }, failed: {}, complete_ms_avg: {} },
    });
  });

  it("is nothing else: other bytes, cut ones and longer ones are refused", () => {
    const whole = Buffer.from([...field(8, 1, 0, 0, 0, 7), stop]);
    assert.deepEqual(stormValue("/x", whole), { 1: 7 });
    for (let length = 0; length < whole.length; length++)
      assert.equal(stormValue("/x", whole.subarray(0, length)), null);
    assert.equal(stormValue("/x", Buffer.concat([whole, Buffer.alloc(1)])), null);
    assert.equal(stormValue("/x", Buffer.from([stop])), null);
    assert.equal(stormValue("/x", Buffer.from(field(15, 1, 8, 0x7f, 0xff, 0xff, 0xff))), null);
  });

  it("never makes reading fail, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const data = Buffer.from(bytes);
        assert.equal(typeof dataText("/storm/storms/x", data, false), "string");
        assert.ok(dataJson("/storm/storms/x", data, false).encoding.length > 0);
      }),
    );
    // A struct within a struct, and so on, deeper than any of Storm's.
    assert.equal(stormValue("/x", Buffer.from(Array.from({ length: 100 }, () => field(12, 1)).flat())), null);
  });
});

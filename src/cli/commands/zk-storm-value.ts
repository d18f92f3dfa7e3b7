/**
 * What Storm keeps in its znodes, made readable: Thrift structs in the binary protocol, with the names that Storm's
 * definitions give their fields where the path says which struct it is, and with field numbers elsewhere.
 */

export type Readable = string | number | boolean | readonly Readable[] | { readonly [name: string]: Readable };

/** Null: the bytes are no Thrift struct. `path` is the znode's, under whatever root. */
export function stormValue(path: string, bytes: Buffer): Readable | null {
  const struct = structsByPath.find(([pattern]) => pattern.test(path))?.[1] ?? {};
  try {
    const reader = new StructReader(bytes);
    const value = reader.struct(struct, 0);
    return reader.atEnd && Object.keys(value).length > 0 ? value : null;
  } catch (error) {
    if (error instanceof NoStruct) return null;
    throw error;
  }
}

/** By field number: the name, and the struct that its value, or each of its elements or keys, is. */
interface Struct {
  readonly [field: number]: string | readonly [name: string, value: Struct, key?: Struct];
}

const nodeInfo: Struct = { 1: "node", 2: "port" };
const errorInfo: Struct = { 1: "error", 2: "error_time_secs", 3: "host", 4: "port" };
const executorInfo: Struct = { 1: "task_start", 2: "task_end" };
const workerResources: Struct = {
  1: "mem_on_heap",
  2: "mem_off_heap",
  3: "cpu",
  4: "shared_mem_on_heap",
  5: "shared_mem_off_heap",
  6: "resources",
  7: "shared_resources",
};
const nimbusSummary: Struct = { 1: "host", 2: "port", 3: "uptime_secs", 4: "isLeader", 5: "version", 6: "tlsPort" };
const supervisorInfo: Struct = {
  1: "time_secs",
  2: "hostname",
  3: "assignment_id",
  4: "used_ports",
  5: "meta",
  6: "scheduler_meta",
  7: "uptime_secs",
  8: "version",
  9: "resources_map",
  10: "server_port",
};
const killOptions: Struct = { 1: "wait_secs" };
const rebalanceOptions: Struct = { 1: "wait_secs", 2: "num_workers", 3: "num_executors" };
const debugOptions: Struct = { 1: "enable", 2: "samplingpct" };
const stormBase: Struct = {
  1: "name",
  2: "status",
  3: "num_workers",
  4: "component_executors",
  5: "launch_time_secs",
  6: "owner",
  7: ["topology_action_options", { 1: ["kill_options", killOptions], 2: ["rebalance_options", rebalanceOptions] }],
  8: "prev_status",
  9: ["component_debug", debugOptions],
  10: "principal",
  11: "topology_version",
};
const assignment: Struct = {
  1: "master_code_dir",
  2: "node_host",
  3: ["executor_node_port", nodeInfo],
  4: "executor_start_time_secs",
  5: ["worker_resources", workerResources, nodeInfo],
  6: "total_shared_off_heap",
  7: "owner",
};

const boltStats: Struct = { 1: "acked", 2: "failed", 3: "process_ms_avg", 4: "executed", 5: "execute_ms_avg" };
const spoutStats: Struct = { 1: "acked", 2: "failed", 3: "complete_ms_avg" };
const executorStats: Struct = {
  1: "emitted",
  2: "transferred",
  3: ["specific", { 1: ["bolt", boltStats], 2: ["spout", spoutStats] }],
  4: "rate",
};
const workerHeartbeat: Struct = {
  1: "storm_id",
  2: ["executor_stats", executorStats, executorInfo],
  3: "time_secs",
  4: "uptime_secs",
};

const structsByPath: readonly (readonly [path: RegExp, struct: Struct])[] = [
  [/\/nimbuses\/[^/]+$/, nimbusSummary],
  [/\/supervisors\/[^/]+$/, supervisorInfo],
  [/\/storms\/[^/]+$/, stormBase],
  [/\/assignments\/[^/]+$/, assignment],
  [/\/workerbeats\/[^/]+\/[^/]+$/, workerHeartbeat],
  [/\/errors\/[^/]+\/[^/]+\/e\d+$|\/errors\/[^/]+\/[^/]+-last-error$/, errorInfo],
];

class NoStruct extends Error {}

/** Types of Thrift's binary protocol. */
const type = {
  stop: 0,
  bool: 2,
  byte: 3,
  double: 4,
  i16: 6,
  i32: 8,
  i64: 10,
  string: 11,
  struct: 12,
  map: 13,
  set: 14,
  list: 15,
} as const;
const depthMax = 32;
const unnamed: Struct = {};

class StructReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  struct(known: Struct, depth: number): { readonly [name: string]: Readable } {
    const fields: Record<string, Readable> = {};
    for (;;) {
      const fieldType = this.#bytes[this.#take(1)];
      if (fieldType === type.stop) return fields;
      const id = this.#bytes.readInt16BE(this.#take(2));
      const field = known[id];
      const [name, value = unnamed, key = unnamed] = typeof field === "string" ? [field] : (field ?? [String(id)]);
      fields[name] = this.#value(fieldType, value, key, depth + 1);
    }
  }

  #value(valueType: number | undefined, value: Struct, key: Struct, depth: number): Readable {
    if (depth > depthMax) throw new NoStruct();
    switch (valueType) {
      case type.bool:
        return this.#bytes[this.#take(1)] !== 0;
      case type.byte:
        return this.#bytes.readInt8(this.#take(1));
      case type.double:
        return this.#bytes.readDoubleBE(this.#take(8));
      case type.i16:
        return this.#bytes.readInt16BE(this.#take(2));
      case type.i32:
        return this.#bytes.readInt32BE(this.#take(4));
      case type.i64:
        return readableLong(this.#bytes.readBigInt64BE(this.#take(8)));
      case type.string:
        return this.#text();
      case type.struct:
        return this.struct(value, depth);
      case type.set:
      case type.list:
        return this.#list(value, depth);
      case type.map:
        return this.#map(value, key, depth);
      default:
        throw new NoStruct();
    }
  }

  #list(value: Struct, depth: number): Readable[] {
    const elementType = this.#bytes[this.#take(1)];
    const list: Readable[] = [];
    for (let left = this.#count(); left > 0; left--) list.push(this.#value(elementType, value, unnamed, depth + 1));
    return list;
  }

  /** Keys that are no text are written as JSON: `[1,1]` is an executor. */
  #map(value: Struct, key: Struct, depth: number): Readable {
    const keyType = this.#bytes[this.#take(1)];
    const valueType = this.#bytes[this.#take(1)];
    const entries: Record<string, Readable> = {};
    for (let left = this.#count(); left > 0; left--) {
      const name = this.#value(keyType, key, unnamed, depth + 1);
      entries[typeof name === "string" ? name : JSON.stringify(name)] = this.#value(
        valueType,
        value,
        unnamed,
        depth + 1,
      );
    }
    return entries;
  }

  #text(): string {
    const length = this.#count();
    const at = this.#take(length);
    const bytes = this.#bytes.subarray(at, at + length);
    const text = bytes.toString("utf8");
    return text.includes("\ufffd") ? bytes.toString("base64") : text;
  }

  /** Each element takes at least a byte. */
  #count(): number {
    const count = this.#bytes.readInt32BE(this.#take(4));
    if (count < 0 || count > this.#bytes.length - this.#at) throw new NoStruct();
    return count;
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) throw new NoStruct();
    this.#at = at + count;
    return at;
  }
}

function readableLong(value: bigint): Readable {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

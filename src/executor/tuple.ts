/**
 * The tuple in a worker's memory. One object for each delivery, since each has its own edge in the tree; values are shared. Ids are
 * 64-bit, held as two 32-bit integers.
 */
import { exitCodes, StormLabError } from "../base/index.ts";
import type { Fields, Tuple } from "../topology/index.ts";
import type { StreamInfo } from "./plan.ts";

/**
 * The root of a tree as this worker sees it, shared by all its tuples here. XORs for the acker gather in it and leave once a turn, folded
 * into one, since XOR does not care about order or grouping. In Storm an edge is told together with the ack of the tuple that it hangs
 * from; here it may be told before, which closes no tree too early: the edge of that tuple itself is still to be acked.
 */
export class Root {
  readonly hi: number;
  readonly lo: number;
  xorHi = 0;
  xorLo = 0;
  /** In the list of roots whose XOR is to be sent. */
  dirty = false;
  /** The task in whose name the XOR is sent. */
  sender = 0;
  /** The spout task while the acker has not been told of the root, else 0. */
  spoutTask = 0;

  constructor(hi: number, lo: number) {
    this.hi = hi;
    this.lo = lo;
  }

  /** To be told with the next flush. */
  fold(edgeHi: number, edgeLo: number): void {
    this.xorHi ^= edgeHi;
    this.xorLo ^= edgeLo;
  }
}

/** A further tree that the tuple belongs to, beyond its first. */
export interface MoreAnchor {
  readonly root: Root;
  readonly edgeHi: number;
  readonly edgeLo: number;
}

export class TaskTuple implements Tuple {
  readonly values: readonly unknown[];
  readonly stream: StreamInfo;
  readonly sourceTask: number;
  readonly targetTask: number;
  /** Null: untracked. */
  readonly root: Root | null;
  readonly edgeHi: number;
  readonly edgeLo: number;
  more: readonly MoreAnchor[] | null = null;
  /** Acked or failed: a second time changes nothing. */
  settled = false;
  /** Microseconds on the worker's clock when it was received, if it is sampled; else 0. */
  sampledUs = 0;

  constructor(
    values: readonly unknown[],
    stream: StreamInfo,
    sourceTask: number,
    targetTask: number,
    root: Root | null,
    edgeHi: number,
    edgeLo: number,
  ) {
    this.values = values;
    this.stream = stream;
    this.sourceTask = sourceTask;
    this.targetTask = targetTask;
    this.root = root;
    this.edgeHi = edgeHi;
    this.edgeLo = edgeLo;
  }

  get size(): number {
    return this.values.length;
  }

  getFields(): Fields {
    return this.stream.fields;
  }

  getValues(): readonly unknown[] {
    return this.values;
  }

  getValue(index: number): unknown {
    if (index >= 0 && index < this.values.length) return this.values[index];
    throw this.noField(`index ${index}`);
  }

  getValueByField(field: string): unknown {
    const index = this.stream.fields.indexOf(field);
    if (index < 0) throw this.noField(`field "${field}"`);
    return this.values[index];
  }

  contains(field: string): boolean {
    return this.stream.fields.contains(field);
  }

  getString(index: number): string {
    const value = this.values[index];
    if (typeof value === "string") return value;
    throw this.wrongType(`value ${index}`, "a string", this.getValue(index));
  }

  getStringByField(field: string): string {
    const value = this.getValueByField(field);
    if (typeof value !== "string") throw this.wrongType(`field "${field}"`, "a string", value);
    return value;
  }

  getNumber(index: number): number {
    const value = this.values[index];
    if (typeof value === "number") return value;
    throw this.wrongType(`value ${index}`, "a number", this.getValue(index));
  }

  getNumberByField(field: string): number {
    const value = this.getValueByField(field);
    if (typeof value !== "number") throw this.wrongType(`field "${field}"`, "a number", value);
    return value;
  }

  getBoolean(index: number): boolean {
    const value = this.values[index];
    if (typeof value === "boolean") return value;
    throw this.wrongType(`value ${index}`, "a boolean", this.getValue(index));
  }

  getBooleanByField(field: string): boolean {
    const value = this.getValueByField(field);
    if (typeof value !== "boolean") throw this.wrongType(`field "${field}"`, "a boolean", value);
    return value;
  }

  getBinary(index: number): Uint8Array {
    const value = this.getValue(index);
    if (!(value instanceof Uint8Array)) throw this.wrongType(`value ${index}`, "bytes", value);
    return value;
  }

  getBinaryByField(field: string): Uint8Array {
    const value = this.getValueByField(field);
    if (!(value instanceof Uint8Array)) throw this.wrongType(`field "${field}"`, "bytes", value);
    return value;
  }

  select(fields: Fields): unknown[] {
    return fields.names.map((field) => this.getValueByField(field));
  }

  getSourceComponent(): string {
    return this.stream.componentId;
  }

  getSourceStreamId(): string {
    return this.stream.streamId;
  }

  getSourceTask(): number {
    return this.sourceTask;
  }

  getMessageId(): ReadonlyMap<string, string> {
    const ids = new Map<string, string>();
    if (this.root !== null) ids.set(signedDecimal(this.root.hi, this.root.lo), signedDecimal(this.edgeHi, this.edgeLo));
    for (const anchor of this.more ?? []) {
      ids.set(signedDecimal(anchor.root.hi, anchor.root.lo), signedDecimal(anchor.edgeHi, anchor.edgeLo));
    }
    return ids;
  }

  private noField(wanted: string): StormLabError {
    const fields = this.stream.fields.names.join(", ") || "none";
    return new StormLabError({
      code: "SL-TUPLE-FIELD",
      what: `a tuple of ${this.stream.componentId} has no ${wanted}`,
      why: `stream "${this.stream.streamId}" declares these fields: ${fields}`,
      hint: "correct the field's name or index",
      exitCode: exitCodes.refused,
    });
  }

  private wrongType(where: string, wanted: string, got: unknown): StormLabError {
    const kind = got === null ? "null" : Array.isArray(got) ? "a list" : `of type ${typeof got}`;
    return new StormLabError({
      code: "SL-TUPLE-TYPE",
      what: `${where} of a tuple of ${this.stream.componentId} is ${kind}, not ${wanted}`,
      why: "a typed getter returns only values of its type",
      hint: "use getValue, or emit the value in the type that is read",
      exitCode: exitCodes.refused,
    });
  }
}

function signedDecimal(hi: number, lo: number): string {
  return ((BigInt(hi) << 32n) | BigInt(lo >>> 0)).toString();
}

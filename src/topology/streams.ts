/** Streams as a component declares them. Source of the rules: Storm, Concepts, "Streams". */
import { type FieldList, fieldNames } from "./fields.ts";

export const defaultStreamId = "default";

/** Stream id → union of its field names, at the type level. */
export type StreamFields = Readonly<Record<string, string>>;

export interface StreamSpec {
  readonly fields: readonly string[];
  /** Only a direct stream may be used with `emitDirect`, and only a direct grouping may subscribe to it. */
  readonly direct: boolean;
}

/**
 * Collects what a component emits. Each call returns the declarer; an author who returns it from
 * `declareOutputFields` lets the compiler check every grouping on the component's handle.
 */
export interface OutputFieldsDeclarer<S extends StreamFields = Record<never, never>> {
  /** Never set: carries `S` for the compiler. */
  readonly streamFields?: S;
  declare<const F extends string>(fields: FieldList<F>): OutputFieldsDeclarer<S & Readonly<Record<"default", F>>>;
  declare<const F extends string>(
    direct: boolean,
    fields: FieldList<F>,
  ): OutputFieldsDeclarer<S & Readonly<Record<"default", F>>>;
  declareStream<const Id extends string, const F extends string>(
    streamId: Id,
    fields: FieldList<F>,
  ): OutputFieldsDeclarer<S & Readonly<Record<Id, F>>>;
  declareStream<const Id extends string, const F extends string>(
    streamId: Id,
    direct: boolean,
    fields: FieldList<F>,
  ): OutputFieldsDeclarer<S & Readonly<Record<Id, F>>>;
}

/** Field names by stream of a component class; any names when its `declareOutputFields` returns nothing. */
export type StreamsOf<C> = C extends { declareOutputFields(declarer: never): OutputFieldsDeclarer<infer S> }
  ? S
  : StreamFields;

export interface DeclaredStream extends StreamSpec {
  readonly id: string;
}

/** What `declare…` was called with, in order, duplicates included: `validate.ts` judges it. */
export class StreamCollector implements OutputFieldsDeclarer {
  readonly declared: DeclaredStream[] = [];

  declare(first: boolean | FieldList, second?: FieldList): never {
    return this.add(defaultStreamId, first, second);
  }

  declareStream(streamId: string, first: boolean | FieldList, second?: FieldList): never {
    return this.add(streamId, first, second);
  }

  private add(id: string, first: boolean | FieldList, second: FieldList | undefined): never {
    const direct = typeof first === "boolean" ? first : false;
    const fields = typeof first === "boolean" ? second : first;
    this.declared.push({ id, fields: fieldNames(fields as FieldList), direct });
    // The types that accumulate in the interface exist for the compiler only.
    return this as never;
  }
}

/** Names of a tuple's values, and the values themselves. */

/** An ordered list of distinct field names, such as `new Fields("word", "num")`. */
export class Fields<F extends string = string> {
  readonly names: readonly F[];

  constructor(...names: readonly F[]) {
    this.names = names;
  }

  get size(): number {
    return this.names.length;
  }

  get(index: number): F | undefined {
    return this.names[index];
  }

  /** −1 when the field is not there. */
  indexOf(name: string): number {
    return (this.names as readonly string[]).indexOf(name);
  }

  contains(name: string): boolean {
    return this.indexOf(name) >= 0;
  }

  toString(): string {
    return `[${this.names.join(", ")}]`;
  }
}

/** Fields as an author may write them where Storm wants a `Fields`. */
export type FieldList<F extends string = string> = Fields<F> | readonly F[];

/** `names` rather than `instanceof`: an author may bring a copy of this package. */
export function fieldNames(fields: FieldList): readonly string[] {
  return (fields as Fields | null | undefined)?.names ?? (fields as readonly string[]);
}

/** What is emitted: one value for each declared field. Immutable after emit: inside a worker it travels by reference. */
export type Values = readonly unknown[];

interface ValuesConstructor {
  new (...values: Values): Values;
}

/** `new Values("storm", 1)`, as in Storm. It makes a plain array; writing `["storm", 1]` is the same. */
export const Values = newValues as unknown as ValuesConstructor;

/** A constructor that returns an object gives that object: a plain array is several times faster than a subclass of it. */
function newValues(...values: Values): Values {
  return values;
}

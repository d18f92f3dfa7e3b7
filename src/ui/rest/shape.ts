/**
 * What JSON looks like, said once: it types the code that makes an answer, checks what comes in, and is written into the OpenAPI document.
 */

/** JSON Schema, 2020-12, as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Shape<T> {
  readonly schema: JsonSchema;
  /** What is wrong with `value` at `place`, in words; null: nothing. */
  fault(value: unknown, place: string): string | null;
  /** Of the type only: never there. */
  readonly type?: T;
}

export type ShapeType<S> = S extends Shape<infer T> ? T : never;

type Fields = Readonly<Record<string, Shape<unknown>>>;
type Optional<F extends Fields> = { [K in keyof F]: undefined extends ShapeType<F[K]> ? K : never }[keyof F];
type ObjectType<F extends Fields> = { readonly [K in Exclude<keyof F, Optional<F>>]: ShapeType<F[K]> } & {
  readonly [K in Optional<F>]?: ShapeType<F[K]>;
};

export const text: Shape<string> = simple("string", "a text", (value) => typeof value === "string");
export const number: Shape<number> = simple("number", "a number", (value) => Number.isFinite(value));
export const whole: Shape<number> = simple("integer", "a whole number", (value) => Number.isSafeInteger(value));
export const flag: Shape<boolean> = simple("boolean", "true or false", (value) => typeof value === "boolean");
export const anything: Shape<unknown> = { schema: {}, fault: () => null };

export function oneOf<const T extends string>(...words: readonly T[]): Shape<T> {
  const wanted = words.map((word) => JSON.stringify(word)).join(" or ");
  return {
    schema: { type: "string", enum: words },
    fault: (value, place) => (words.includes(value as T) ? null : `${place} must be ${wanted}`),
  };
}

/** `format`: in words. */
export function matching(pattern: RegExp, format: string): Shape<string> {
  return {
    schema: { type: "string", pattern: pattern.source, description: format },
    fault: (value, place) => (typeof value === "string" && pattern.test(value) ? null : `${place} must be ${format}`),
  };
}

export function nullable<T>({ schema, fault }: Shape<T>): Shape<T | null> {
  return {
    schema: { anyOf: [schema, { type: "null" }] },
    fault: (value, place) => (value === null ? null : fault(value, place)),
  };
}

/** It may be left out. */
export function optional<T>({ schema, fault }: Shape<T>): Shape<T | undefined> {
  return { schema, fault: (value, place) => (value === undefined ? null : fault(value, place)) };
}

export function either<A, B>(a: Shape<A>, b: Shape<B>): Shape<A | B> {
  return {
    schema: { anyOf: [a.schema, b.schema] },
    fault: (value, place) => (a.fault(value, place) === null ? null : b.fault(value, place)),
  };
}

export function list<T>({ schema, fault }: Shape<T>): Shape<readonly T[]> {
  return {
    schema: { type: "array", items: schema },
    fault: (value, place) =>
      Array.isArray(value) ? first(value, (one, index) => fault(one, `${place}[${index}]`)) : `${place} must be a list`,
  };
}

/** Any keys, each with such a value. */
export function record<T>({ schema, fault }: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    schema: { type: "object", additionalProperties: schema },
    fault: (value, place) =>
      isObject(value)
        ? first(Object.entries(value), ([key, one]) => fault(one, `${place}.${key}`))
        : `${place} must be an object`,
  };
}

/** These keys and no other. */
export function object<const F extends Fields>(fields: F): Shape<ObjectType<F>> {
  const isOptional = (shape: Shape<unknown>) => shape.fault(undefined, "") === null && shape !== anything;
  const entries = Object.entries(fields);
  return {
    schema: {
      type: "object",
      properties: Object.fromEntries(entries.map(([key, { schema }]) => [key, schema])),
      required: entries.flatMap(([key, shape]) => (isOptional(shape) ? [] : [key])),
      additionalProperties: false,
    },
    fault: (value, place) => {
      if (!isObject(value)) return `${place} must be an object`;
      const unknown = Object.keys(value).find((key) => !Object.hasOwn(fields, key));
      if (unknown !== undefined) return `${place} has no ${unknown}`;
      const absent = entries.find(([key, shape]) => !Object.hasOwn(value, key) && !isOptional(shape));
      if (absent !== undefined) return `${place}.${absent[0]} is not there`;
      return first(entries, ([key, shape]) => shape.fault(value[key], `${place}.${key}`));
    },
  };
}

function simple<T>(type: string, words: string, holds: (value: unknown) => boolean): Shape<T> {
  return { schema: { type }, fault: (value, place) => (holds(value) ? null : `${place} must be ${words}`) };
}

function first<T>(values: readonly T[], fault: (value: T, index: number) => string | null): string | null {
  for (const [index, value] of values.entries()) {
    const found = fault(value, index);
    if (found !== null) return found;
  }
  return null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Assertions stay on: a broken invariant ends the process, and supervision is the recovery. */

export class AssertionFailure extends Error {
  override readonly name = "AssertionFailure";
}

export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new AssertionFailure(`invariant broken: ${invariant}`);
}

/** Ends every switch over a union: a new member is then a compile error. */
export function assertNever(value: never): never {
  throw new AssertionFailure(`unexpected value: ${JSON.stringify(value)}`);
}

/** The value, which the caller knows is there. */
export function must<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new AssertionFailure(`missing: ${what}`);
  return value;
}

/** Waiting in tests: always for a named event, always with a deadline. */
import assert from "node:assert/strict";

/** The value of `promise`; rejects after `timeoutMs`, saying what was waited for. */
export async function deadline<T>(promise: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${timeoutMs} ms for ${what}`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks again and again, for what has no event to await: another process's file, port or state. */
export async function eventually<T>(
  look: () => Promise<T | undefined> | T | undefined,
  timeoutMs: number,
  what: string,
): Promise<T> {
  const betweenLooksMs = 20;
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > endMs) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await new Promise<void>((resolve) => setTimeout(resolve, betweenLooksMs));
  }
}

export interface Counted<A extends unknown[], R> {
  (...args: A): R;
  /** Resolves at the expected call; use it with `deadline`. */
  readonly reached: Promise<void>;
  /** Throws unless it was called exactly the expected number of times. */
  verify(): void;
}

/** `call`, counted. A call too many throws at once; `verify()` at the end of the test finds a call too few. */
export function mustCall<A extends unknown[], R>(call: (...args: A) => R, times = 1): Counted<A, R> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let calls = 0;
  const counted = (...args: A): R => {
    calls += 1;
    assert.ok(calls <= times, `called ${calls} times, expected ${times}`);
    if (calls === times) resolve();
    return call(...args);
  };
  return Object.assign(counted, {
    reached: promise,
    verify: () => assert.equal(calls, times, `called ${calls} times, expected ${times}`),
  });
}

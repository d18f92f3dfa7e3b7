/**
 * What must be given back: a scope owns things that can be disposed of and does so in reverse order. A test sees with
 * `openScopes` who forgot to.
 */

import { StormLabError } from "./errors.ts";

export interface ScopeOptions {
  /** In the report of what was left open, such as `quorum listener`. */
  readonly name: string;
  /** Default: none. The parent disposes of this scope with itself. */
  readonly parent?: Scope;
}

type Cleanup = () => void | PromiseLike<void>;

/** Scopes that were opened and not disposed of, while somebody watches. */
const watched = new Map<Scope, string>();
let watchers = 0;

export class Scope implements AsyncDisposable {
  readonly name: string;
  readonly #parent: Scope | undefined;
  readonly #cleanups = new Set<Cleanup>();
  readonly #disposeOfSelf: Cleanup = () => this.dispose();
  #disposed: Promise<void> | null = null;

  constructor(options: ScopeOptions) {
    this.name = options.name;
    this.#parent = options.parent;
    this.#parent?.defer(this.#disposeOfSelf);
    if (watchers > 0) watched.set(this, new Error(`scope ${this.name} was opened here`).stack ?? this.name);
  }

  get isDisposed(): boolean {
    return this.#disposed !== null;
  }

  /** Runs at disposal, last deferred first. Gives back how to take it out again. In a scope that is over it throws `SL-SCOPE-OVER`. */
  defer(cleanup: Cleanup): () => void {
    if (this.#disposed !== null) throw scopeIsOver(this.name);
    this.#cleanups.add(cleanup);
    return () => {
      this.#cleanups.delete(cleanup);
    };
  }

  /** Owns it from here on; gives it back for use. */
  own<T extends Disposable | AsyncDisposable>(thing: T): T {
    this.defer(() => disposeOf(thing));
    return thing;
  }

  /** Idempotent. Everything is disposed of even when some of it fails; then rejects with all that went wrong. */
  dispose(): Promise<void> {
    this.#disposed ??= this.#runCleanups();
    return this.#disposed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #runCleanups(): Promise<void> {
    watched.delete(this);
    const failures: unknown[] = [];
    for (const cleanup of [...this.#cleanups].reverse()) {
      try {
        await cleanup();
      } catch (error) {
        failures.push(error);
      }
    }
    this.#cleanups.clear();
    if (this.#parent?.isDisposed === false) this.#parent.#cleanups.delete(this.#disposeOfSelf);
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1)
      throw new AggregateError(failures, `${failures.length} things of scope ${this.name} failed to close`);
  }
}

/** For tests: from now on every scope remembers where it was opened. `open` are those that are still open. */
export function watchScopes(): { open(): readonly string[]; stop(): void } {
  watchers++;
  return {
    open: () => [...watched.values()],
    stop: () => {
      if (--watchers === 0) watched.clear();
    },
  };
}

async function disposeOf(thing: Disposable | AsyncDisposable): Promise<void> {
  if (Symbol.asyncDispose in thing) await thing[Symbol.asyncDispose]();
  else thing[Symbol.dispose]();
}

function scopeIsOver(name: string): StormLabError {
  return new StormLabError({
    code: "SL-SCOPE-OVER",
    what: `Something was added to the scope ${name} after it had been disposed of.`,
    why: "A part started work while it was being closed.",
    hint: "Ask isDisposed after every await in what starts things.",
  });
}

/** Whose code runs: what an author's call leaves behind, such as a timer or a promise, still knows when its time has come. */
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";

export interface TaskScope {
  readonly componentId: string;
  /** One, or all of an executor's where it is not known which of them. */
  readonly taskIds: readonly number[];
}

/** A task's, or that of the module, which makes the topology. */
export type AuthorScope = TaskScope | "module";

const scopes = new AsyncLocalStorage<AuthorScope>();

/** Of the code that runs now; null when it is not the author's. */
export function authorScope(): AuthorScope | null {
  return scopes.getStore() ?? null;
}

/** To load the author's module in. */
export function inModuleScope<T>(call: () => T): T {
  return scopes.run("module", call);
}

export function inTaskScope<T>(scope: TaskScope, call: () => T): T {
  return scopes.run(scope, call);
}

/** To enter again and again at a small price: by `runInAsyncScope`. */
export function openTaskScope(scope: TaskScope): AsyncResource {
  return scopes.run(scope, () => new AsyncResource("storm-lab-executor"));
}

/** What components of storm-lab's own may use beside what an author's may. */
import { must, type Runtime } from "../base/index.ts";
import type { TopologyContext } from "./context.ts";

export interface SystemContext extends TopologyContext {
  readonly runtime: Runtime;
  /** There is something to emit: a spout is asked for it now, and not when its wait is over. */
  rouse(): void;
}

/** The context as the runtime made it. A context that a test made up has no world to offer. */
export function systemContext(context: TopologyContext): SystemContext {
  must((context as Partial<SystemContext>).runtime, "a runtime in the context of a component of storm-lab's own");
  return context as SystemContext;
}

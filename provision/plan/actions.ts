/** What a plan is made of: actions with a name, that say what they do before they do it, and can be undone. */
import type { Daemon } from "../cluster/layout.ts";
import type { ManagedProcess } from "../processes/managed-process.ts";

export type Action =
  | { readonly kind: "folder"; readonly path: string }
  | {
      readonly kind: "file";
      readonly path: string;
      readonly text: string;
      readonly executable: boolean;
      /** What lies there now; null: nothing. */
      readonly before: string | null;
    }
  | { readonly kind: "remove"; readonly path: string; readonly what: string }
  | { readonly kind: "stop"; readonly process: ManagedProcess; readonly why: string }
  /** All at once: they find each other by themselves. */
  | { readonly kind: "start"; readonly daemons: readonly Daemon[] }
  | { readonly kind: "verify"; readonly what: string };

export interface Plan {
  /** In words: `create the cluster classroom`, `nothing to do`. */
  readonly summary: string;
  readonly actions: readonly Action[];
}

/** One line, such as `start nimbus1 (127.0.0.1:6627)`. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case "folder":
      return `make ${action.path}/`;
    case "file":
      return `${action.before === null ? "write" : "rewrite"} ${action.path}`;
    case "remove":
      return `remove ${action.what}`;
    case "stop":
      return `stop ${action.process.id} (process ${action.process.pid}): ${action.why}`;
    case "start":
      return `start ${action.daemons.map(nameWithPort).join(", ")}`;
    case "verify":
      return action.what;
  }
}

function nameWithPort({ id, ports }: Daemon): string {
  const [first] = ports;
  return first === undefined ? id : `${id} (${first.host}:${first.port})`;
}

/**
 * Tells supervisors of their assignments as soon as they are written. Best effort, as in Storm: ZooKeeper has the truth, and a
 * supervisor that was not reached reads it there.
 */
import { messageOf, type Runtime } from "../../base/index.ts";
import { connectThrift } from "../../rpc/index.ts";
import { type Assignment, Supervisor, type SupervisorInfo } from "../../wire/thrift/index.ts";

export interface Push {
  readonly node: string;
  readonly host: string;
  readonly port: number;
  /** All of the node's, by topology id. */
  readonly assignments: ReadonlyMap<string, Assignment>;
}

/** Storm's nimbus.assignments.service.threads. */
const atOnceMax = 10;
const timeoutMs = 5000;

export class AssignmentPush {
  readonly #runtime: Runtime;
  /** The newest of each node; an older one that was not sent is pointless. */
  readonly #waiting = new Map<string, Push>();
  readonly #busy = new Set<string>();
  readonly #stopped = new AbortController();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  send(push: Push): void {
    this.#waiting.set(push.node, push);
    this.#pump();
  }

  stop(): void {
    this.#waiting.clear();
    this.#stopped.abort();
  }

  #pump(): void {
    for (const [node, push] of this.#waiting) {
      if (this.#busy.size >= atOnceMax || this.#stopped.signal.aborted) return;
      if (this.#busy.has(node)) continue;
      this.#waiting.delete(node);
      this.#busy.add(node);
      void this.#deliver(push).finally(() => {
        this.#busy.delete(node);
        this.#pump();
      });
    }
  }

  async #deliver({ node, host, port, assignments }: Push): Promise<void> {
    try {
      const client = await connectThrift({
        runtime: this.#runtime,
        host,
        port,
        service: Supervisor,
        connectTimeoutMs: timeoutMs,
        timeoutMs,
        signal: this.#stopped.signal,
      });
      try {
        await client.calls.sendSupervisorAssignments({ assignments: { storm_assignment: assignments } });
      } finally {
        await client.close();
      }
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      this.#runtime.log.info(
        `Supervisor ${node} at ${host}:${port} will find its assignments by itself: ${messageOf(error)}`,
      );
    }
  }
}

/** Null: the supervisor is away, or does not say where it listens. */
export function pushTo(
  node: string,
  info: SupervisorInfo | undefined,
  assignments: ReadonlyMap<string, Assignment>,
): Push | null {
  if (info?.server_port === undefined) return null;
  return { node, host: info.hostname, port: info.server_port, assignments: assignmentsOf(node, assignments) };
}

export function assignmentsOf(node: string, assignments: ReadonlyMap<string, Assignment>): Map<string, Assignment> {
  return new Map([...assignments].filter(([, { node_host }]) => node_host.has(node)));
}

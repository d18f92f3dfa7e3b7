/** A DRPC server, a client and topologies on simulated hosts. */
import { type LogLine, type Runtime, SimulatedWorld } from "../../../src/base/index.ts";
import { StormConf } from "../../../src/conf/index.ts";
import { type RunningDRPC, startDRPC } from "../../../src/drpc/index.ts";
import { connectThrift, type ThriftClient } from "../../../src/rpc/index.ts";
import { DistributedRPC, DistributedRPCInvocations, DRPCExecutionException } from "../../../src/wire/thrift/index.ts";

type Client = ThriftClient<typeof DistributedRPC.methods>;
type Topology = ThriftClient<typeof DistributedRPCInvocations.methods>;

const host = "server";

export class Stage {
  readonly log: LogLine[] = [];
  readonly world: SimulatedWorld;
  readonly serverRuntime: Runtime;
  readonly clientRuntime: Runtime;
  readonly #conf: Readonly<Record<string, unknown>>;

  constructor(conf: Readonly<Record<string, unknown>> = {}) {
    this.world = new SimulatedWorld({ seed: 1, log: (line) => this.log.push(line) });
    this.serverRuntime = this.world.start({ host }).runtime;
    this.clientRuntime = this.world.start({ host: "client" }).runtime;
    this.#conf = conf;
  }

  serve(): Promise<RunningDRPC> {
    return this.finish(startDRPC({ runtime: this.serverRuntime, conf: new StormConf(this.#conf) }), "the server");
  }

  client(): Promise<Client> {
    const { clientRuntime: runtime } = this;
    return this.finish(connectThrift({ runtime, host, port: 3772, service: DistributedRPC }), "a client");
  }

  topology(): Promise<Topology> {
    const { clientRuntime: runtime } = this;
    return this.finish(connectThrift({ runtime, host, port: 3773, service: DistributedRPCInvocations }), "a topology");
  }

  finish<T>(promise: Promise<T>, what: string, deadlineMs = 60_000): Promise<T> {
    return this.world.finish(promise, { what, deadlineMs });
  }

  /** How a call ended: its result, or the kind of its failure and its message. */
  async end(call: Promise<string>, what: string, deadlineMs = 60_000): Promise<string> {
    return this.finish(ending(call), what, deadlineMs);
  }

  /** Until nothing moves at this moment. */
  settle(forMs = 50): Promise<void> {
    return this.finish(new Promise((resolve) => this.clientRuntime.timers.after(forMs, resolve)), "a moment");
  }
}

export async function ending(call: Promise<string>): Promise<string> {
  try {
    return await call;
  } catch (error) {
    if (!DRPCExecutionException.is(error)) throw error;
    return `${error.value.type}: ${error.value.msg}`;
  }
}

/** DRPC servers for the simulation: the one there is, and ones with a bug each. */
import type { Runtime } from "../../../src/base/index.ts";
import { DRPC, type DRPCLimits } from "../../../src/drpc/drpc.ts";
import { clientCalls, topologyCalls } from "../../../src/drpc/thrift-calls.ts";
import { serveThrift } from "../../../src/rpc/index.ts";
import { DistributedRPC, DistributedRPCInvocations } from "../../../src/wire/thrift/index.ts";

export type ServerKind = keyof typeof serverKinds;

type World = ConstructorParameters<typeof DRPC>[0];

export const requestTimeoutMs = 8000;
const limits: DRPCLimits = { requestTimeoutMs, functionWaitingMax: 10_000, heldCharactersMax: 1_000_000 };

export const serverKinds = {
  whole: (runtime: World) => new DRPC(runtime, limits),
  "it does not see that a client has gone": (runtime: World) => {
    const drpc = new DRPC(runtime, limits);
    drpc.withdraw = () => {};
    return drpc;
  },
  "it does not see that a spout has gone": (runtime: World) => {
    const drpc = new DRPC(runtime, limits);
    drpc.fetcherGone = () => {};
    return drpc;
  },
  "its ids begin anew in each life": ({ clock, timers }: World) =>
    new DRPC({ clock, timers, random: { uint32: () => 0 } as World["random"] }, limits),
  "it looks for what is late now and then": (runtime: World) =>
    new DRPC(runtime, { ...limits, requestTimeoutMs: requestTimeoutMs * 3 }),
  "it answers whoever waits longest": (runtime: World) => new Mistaken(runtime, limits),
};

/** A result goes to the oldest call of the function instead of to its own, sometimes. */
class Mistaken extends DRPC {
  #calls = 0;
  #last = "";

  override result(id: string, result: string): void {
    const takes = ++this.#calls % 50 === 0 ? this.#last : id;
    this.#last = id;
    super.result(takes, result);
    super.result(id, `wrong ${result}`);
  }
}

export function serverProgram(kind: ServerKind) {
  return async (runtime: Runtime): Promise<number> => {
    const drpc = serverKinds[kind](runtime);
    const service = DistributedRPCInvocations;
    await serveThrift({ runtime, port: 3773, service, handlers: topologyCalls(drpc) });
    await serveThrift({ runtime, port: 3772, service: DistributedRPC, handlers: clientCalls(drpc) });
    return new Promise(() => {});
  };
}

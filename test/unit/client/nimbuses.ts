/** Several nimbuses on hosts of a simulated world, one of which leads, and somebody who calls them. */
import { type SimulatedProcess, SimulatedWorld } from "../../../src/base/index.ts";
import { NimbusClient, type NimbusClientOptions } from "../../../src/client/index.ts";
import { StormConf } from "../../../src/conf/index.ts";
import { type Handlers, serveThrift } from "../../../src/rpc/index.ts";
import { Nimbus } from "../../../src/wire/thrift/index.ts";

export type NimbusHandlers = Handlers<typeof Nimbus.methods>;

const port = 6627;

export class Nimbuses {
  readonly world: SimulatedWorld;
  readonly client: SimulatedProcess;
  /** What was called, as `host method`. */
  readonly called: string[] = [];
  /** As all of them tell; null: nobody leads. */
  leader: string | null;
  readonly #pids = new Map<string, number>();

  constructor(leader: string | null, seed = 1) {
    this.world = new SimulatedWorld({ seed, logLevel: "error" });
    this.client = this.world.start({ host: "client" });
    this.leader = leader;
  }

  /** A call that changes something fails on a host that does not lead, without effect. */
  async start(host: string, handlers: (host: string) => NimbusHandlers = () => ({})): Promise<void> {
    const { runtime, pid } = this.world.start({ host });
    this.#pids.set(host, pid);
    const all: NimbusHandlers = {
      getLeader: () =>
        this.leader === null ? null : { host: this.leader, port, uptime_secs: 1, isLeader: true, version: "2.8.8" },
      getTopologySummaries: () => [],
      activate: () => {
        if (this.leader !== host) throw new Error("not a leader");
      },
      ...handlers(host),
    };
    const noted = Object.entries(all).map(([name, handler]) => [
      name,
      (args: never, call: never) => {
        this.called.push(`${host} ${name}`);
        return (handler as (args: never, call: never) => unknown)(args, call);
      },
    ]);
    const serving = serveThrift({
      runtime,
      port,
      service: Nimbus,
      handlers: Object.fromEntries(noted) as NimbusHandlers,
    });
    await this.finish(serving, `nimbus on ${host}`);
  }

  kill(host: string): void {
    this.world.kill(this.#pids.get(host) ?? 0);
  }

  open(seeds: readonly string[], options: Partial<NimbusClientOptions> = {}): NimbusClient {
    const conf = new StormConf({ "nimbus.seeds": seeds });
    return new NimbusClient({ runtime: this.client.runtime, conf, ...options });
  }

  finish<T>(promise: Promise<T>, what: string, deadlineMs = 60_000): Promise<T> {
    return this.world.finish(promise, { what, deadlineMs });
  }
}

/** Two servers, a DRPC topology over three workers, clients that call; by a seed workers and servers are killed and come back. */
import { isStormLabError, pause, SeededRandom, SimulatedWorld } from "../../../src/base/index.ts";
import { DRPCClient } from "../../../src/client/index.ts";
import { DRPC } from "../../../src/drpc/drpc.ts";
import { clientCalls, topologyCalls } from "../../../src/drpc/thrift-calls.ts";
import { serveThrift } from "../../../src/rpc/index.ts";
import { type Conf, topologyDefaults } from "../../../src/topology/index.ts";
import { DistributedRPC, DistributedRPCInvocations, DRPCExecutionException } from "../../../src/wire/thrift/index.ts";
import { sortedWords } from "../../unit/drpc/functions.ts";
import { Coordinator } from "../executor/coordinator.ts";

export interface TopologySight {
  readonly answered: number;
  readonly failed: number;
  readonly kills: number;
  /** What must not be. */
  readonly faults: readonly string[];
}

const servers = ["one", "two"] as const;
const workerCount = 3;
const clientCount = 6;
const callingMs = 20_000;
const betweenCallsMs = 100;
/** Of the topology; a call that is lost with a worker fails within twice this. */
const messageTimeoutSecs = 3;
/** Two message time-outs, three times put back, a worker that comes again, a server that is looked for. */
const callMsMax = 40_000;
const limits = { requestTimeoutMs: 120_000, functionWaitingMax: 20_000, heldCharactersMax: 10_000_000 };
const conf: Conf = {
  ...topologyDefaults,
  "drpc.servers": servers,
  "topology.message.timeout.secs": messageTimeoutSecs,
  "topology.acker.executors": workerCount,
};

class Run {
  readonly world: SimulatedWorld;
  readonly random: SeededRandom;
  readonly faults: string[] = [];
  readonly coordinator: Coordinator;
  answered = 0;
  failed = 0;
  kills = 0;
  /** When something was last killed, or came back. */
  troubledMs = Number.NEGATIVE_INFINITY;
  private calls = 0;
  private readonly pids = new Map<string, number>();

  constructor(seed: number) {
    this.world = new SimulatedWorld({ seed, logLevel: "error" });
    this.random = new SeededRandom(seed, "drpc");
    for (const host of servers) this.startServer(host);
    this.coordinator = new Coordinator({
      world: this.world,
      workers: workerCount,
      conf,
      makeTopology: () => sortedWords().createRemoteTopology(),
      restartDelayMs: () => 200 + this.random.below(1500),
      moves: () => this.random.below(2) === 0,
    });
    this.coordinator.startAll();
  }

  startServer(host: string): void {
    const program = async (runtime: SimulatedWorldRuntime): Promise<number> => {
      const drpc = new DRPC(runtime, limits);
      await serveThrift({ runtime, port: 3773, service: DistributedRPCInvocations, handlers: topologyCalls(drpc) });
      await serveThrift({ runtime, port: 3772, service: DistributedRPC, handlers: clientCalls(drpc) });
      return new Promise(() => {});
    };
    this.pids.set(host, this.world.start({ host, program }).pid);
  }

  strike(): void {
    this.kills++;
    this.troubledMs = this.world.nowMs;
    if (this.random.below(4) > 0) {
      const pid = this.coordinator.pidOf(this.random.below(workerCount));
      if (pid !== undefined) this.world.kill(pid);
      return;
    }
    const host = servers[this.random.below(servers.length)] as string;
    const pid = this.pids.get(host);
    // It comes back already.
    if (pid === undefined) return;
    this.pids.delete(host);
    this.world.kill(pid);
    this.world.at(this.world.nowMs + 300 + this.random.below(1500), () => this.startServer(host));
  }

  async call(client: DRPCClient, mayFail: boolean): Promise<void> {
    const { world, random } = this;
    const number = ++this.calls;
    const words = Array.from({ length: random.below(30) }, () => `w${random.below(12)}`);
    const fails = random.below(15) === 0;
    const text = [`call${number}`, ...words, ...(fails ? ["fail"] : [])].join(" ");
    const right = [...new Set(text.split(" "))].sort().join(" ");
    const startMs = world.nowMs;
    const told = (what: string) => this.faults.push(`call ${number} (${text}) ${what}`);
    try {
      const answer = await client.execute("sorted-words", text, { timeoutMs: callMsMax });
      if (answer !== right || fails) told(`was answered ${answer}`);
      this.answered++;
    } catch (error) {
      this.failed++;
      const troubled = this.troubledMs > startMs - 4 * messageTimeoutSecs * 1000;
      // Both servers were away.
      if (mayFail && troubled && isStormLabError(error, "SL-DRPC-NO-SERVER")) return;
      if (!DRPCExecutionException.is(error)) told(`ended with ${String(error)}`);
      else if (!fails && !(mayFail && troubled)) told(`failed: ${error.value.type} ${error.value.msg}`);
    }
    if (world.nowMs - startMs > callMsMax) told(`took ${world.nowMs - startMs} ms`);
  }
}

type SimulatedWorldRuntime = Parameters<NonNullable<Parameters<SimulatedWorld["registerProgram"]>[1]>>[0];

export async function runTopologySeed(seed: number, { kills = true } = {}): Promise<TopologySight> {
  const run = new Run(seed);
  const { world, random, coordinator } = run;
  const { runtime } = world.start({ host: "client", name: "client" });
  const clients = Array.from({ length: clientCount }, () => new DRPCClient([...servers], 3772, { runtime }));
  await world.until(() => coordinator.allStarted, { what: "the workers start", deadlineMs: 30_000 });
  const endMs = world.nowMs + callingMs;
  const strikeAgain = (): void => {
    if (world.nowMs >= endMs) return;
    run.strike();
    world.at(world.nowMs + 1000 + random.below(4000), strikeAgain);
  };
  if (kills) world.at(world.nowMs + random.below(3000), strikeAgain);
  const calling = clients.map(async (client) => {
    while (world.nowMs < endMs) {
      await run.call(client, true);
      await pause(runtime.timers, random.below(betweenCallsMs));
    }
  });
  await world.finish(Promise.all(calling), { what: "every call ends", deadlineMs: callingMs + 2 * callMsMax });
  await world.until(() => coordinator.allStarted, { what: "the workers are back", deadlineMs: 60_000 });
  // What was lost is over, and everything answers again.
  await world.until(() => world.nowMs > run.troubledMs + callMsMax, { what: "time passes", deadlineMs: callMsMax * 2 });
  const after = clients.map((client) => run.call(client, false));
  await world.finish(Promise.all(after), { what: "calls after the last kill end", deadlineMs: 2 * callMsMax });
  const { answered, failed, kills: count, faults } = run;
  return { answered, failed, kills: count, faults: [...faults, ...coordinator.failures.map(String)] };
}

/**
 * Nimbuses that are killed at any call they make, paused, cut off and started again, while clients submit, rebalance and kill. What a
 * client was told holds in the end; nothing forbidden is ever seen in between.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "../../../src/base/index.ts";
import { AlreadyAliveException, NotAliveException } from "../../../src/wire/thrift/index.ts";
import { seeds, wordCountThrift } from "../../kit/index.ts";
import { Stage, submit } from "./stage.ts";
import { Watchman } from "./watchman.ts";

type Told = "alive" | "killed" | "unsure";

/** Does what its dice say to topologies of its own, and remembers what it was told. */
class Client {
  readonly told = new Map<string, Told>();
  readonly #stage: Stage;
  readonly #random: SeededRandom;
  readonly #hosts: readonly string[];
  readonly #prefix: string;
  acknowledged = 0;
  stopped = false;

  /** `prefix`: of the names of its topologies, which are nobody else's. */
  constructor(stage: Stage, random: SeededRandom, hosts: readonly string[], prefix: string) {
    this.#stage = stage;
    this.#random = random;
    this.#hosts = hosts;
    this.#prefix = prefix;
  }

  async run(): Promise<void> {
    while (!this.stopped) {
      await new Promise<void>((resolve) => this.#stage.client.timers.after(this.#random.below(700), resolve));
      const name = `${this.#prefix}${this.#random.below(3)}`;
      const dice = this.#random.below(10);
      if (this.told.get(name) !== "alive" || dice < 2) await this.#submit(name);
      else if (dice < 5) await this.#kill(name);
      else if (dice < 7) await this.#rebalance(name);
      else await this.#status(name, dice === 8 ? "activate" : "deactivate");
    }
  }

  async #submit(name: string): Promise<void> {
    const topology = wordCountThrift({ split: 1 + this.#random.below(3) });
    const error = await this.#try((calls) =>
      submit(calls, name, topology, { "topology.workers": 1 + this.#random.below(3) }),
    );
    if (error === null) this.told.set(name, "alive");
    else if (!AlreadyAliveException.is(error)) this.told.set(name, "unsure");
  }

  async #kill(name: string): Promise<void> {
    const options = { wait_secs: this.#random.below(3) };
    const error = await this.#try((calls) => calls.killTopologyWithOpts({ name, options }));
    if (error === null) this.told.set(name, "killed");
    else if (NotAliveException.is(error)) throw new Error(`${name} was submitted and is not alive`);
    else this.told.set(name, "unsure");
  }

  async #rebalance(name: string): Promise<void> {
    const options = { wait_secs: this.#random.below(2), num_workers: 1 + this.#random.below(4) };
    await this.#try((calls) => calls.rebalance({ name, options }));
  }

  async #status(name: string, call: "activate" | "deactivate"): Promise<void> {
    await this.#try((calls) => calls[call]({ name }));
  }

  /** Through each nimbus until one that leads answers. Null: it was done. */
  async #try(use: Parameters<Stage["callFrom"]>[0]): Promise<unknown> {
    let last: unknown = new Error("nobody");
    for (const host of this.#hosts) {
      try {
        await this.#stage.callFrom(use, host);
        this.acknowledged++;
        return null;
      } catch (error) {
        last = error;
        if (AlreadyAliveException.is(error) || NotAliveException.is(error)) return error;
      }
    }
    return last;
  }
}

interface Verdict {
  readonly wrong: string[];
  readonly logs: readonly string[];
}

async function runSeed(
  seed: number,
  hosts: readonly string[],
  fault: (stage: Stage, random: SeededRandom) => Promise<void>,
): Promise<Verdict> {
  const random = new SeededRandom(seed);
  const stage = new Stage(seed, { zooKeepers: hosts.length > 1 ? 3 : 1 });
  await stage.zk.untilWhole();
  for (const host of hosts) stage.nimbus(host);
  const supervisors = ["s1", "s2", "s3"].map((id) => stage.supervisor(id, [6700, 6701]));
  await stage.until(() => [...stage.nimbuses.values()].some(({ leads }) => leads), "one leads");
  const watchman = new Watchman(stage);
  const clients = ["a", "b"].map(
    (prefix, each) => new Client(stage, new SeededRandom(seed * 10 + each), hosts, prefix),
  );
  const runs = clients.map((client) => client.run());
  for (let each = 0; each < 6; each++) {
    await stage.world.run({ forMs: 500 + random.below(3000) });
    await fault(stage, random);
  }
  await stage.world.run({ forMs: 2000 });
  for (const client of clients) client.stopped = true;
  await stage.do(Promise.all(runs), "the clients' last calls", 300_000);
  const wrong: string[] = [];
  try {
    await converged(stage, clients, supervisors);
  } catch (error) {
    wrong.push(String(error));
  }
  wrong.push(...watchman.wrong);
  if (watchman.looks < 100) wrong.push(`only ${watchman.looks} looks: nothing was watched`);
  if (clients.reduce((sum, { acknowledged }) => sum + acknowledged, 0) < 10) wrong.push("nothing was acknowledged");
  return { wrong, logs: stage.logs };
}

/** In the end everything is as the clients were told, and as it has to be by itself. */
async function converged(
  stage: Stage,
  clients: readonly Client[],
  supervisors: readonly { workers: ReadonlyMap<string, readonly number[]> }[],
): Promise<void> {
  const holds = async (): Promise<string | null> => {
    const bases = new Map<string, string>();
    for (const id of await stage.state.topologies()) {
      const base = await stage.state.storm(id);
      if (base === null || base.status === "KILLED" || base.status === "REBALANCING") return `${id} is ${base?.status}`;
      if (bases.has(base.name)) return `two topologies are called ${base.name}`;
      bases.set(base.name, id);
    }
    for (const { told } of clients) {
      for (const [name, what] of told) {
        if (what === "alive" && !bases.has(name)) return `${name} was acknowledged and is not there`;
        if (what === "killed" && bases.has(name)) return `${name} was killed and is there`;
      }
    }
    const assigned = await stage.state.assignments();
    for (const id of assigned) if (![...bases.values()].includes(id)) return `${id} is assigned and not there`;
    let slots = 0;
    for (const id of assigned) {
      const executors = (await stage.state.assignment(id))?.executor_node_port ?? [];
      slots += new Set(executors.map(([, { node, port }]) => `${node}:${[...port]}`)).size;
    }
    const run = supervisors.reduce((sum, { workers }) => sum + [...workers.values()].flat().length, 0);
    if (run !== slots) return `supervisors run ${run} workers, ${slots} are assigned`;
    if (slots < Math.min(6, bases.size)) return `${slots} slots for ${bases.size} topologies`;
    return null;
  };
  let last: string | null = "nothing was looked at";
  try {
    await stage.eventually(
      async () => {
        last = await holds();
        return last === null;
      },
      "the cluster converges",
      90_000,
    );
  } catch {
    throw new Error(last ?? "");
  }
}

function check(verdict: Verdict, seed: number): void {
  assert.deepEqual(verdict.wrong, [], `seed ${seed}\n${verdict.logs.slice(-40).join("\n")}`);
}

describe("one nimbus", () => {
  it("may be killed at any call that it makes, and goes on when it is started again", async () => {
    for (const seed of seeds({ smoke: 4 })) {
      const verdict = await runSeed(seed, ["n1"], async (stage, random) => {
        const nimbus = stage.nimbuses.get("n1");
        const process = nimbus?.process;
        if (process == null) return;
        stage.world.killAtOperation(process.pid, 1 + random.below(300));
        await stage.world.until(() => !process.alive, { what: "it dies" });
        await stage.world.run({ forMs: random.below(1500) });
        nimbus?.start();
      });
      check(verdict, seed);
    }
  });
});

describe("three nimbuses", () => {
  it("never lead at once, and lose nothing, whatever dies, sleeps or is cut off", async () => {
    for (const seed of seeds({ smoke: 2 })) check(await runSeed(seed, ["n1", "n2", "n3"], someFault), seed);
  });
});

async function someFault(stage: Stage, random: SeededRandom): Promise<void> {
  const { world, zk } = stage;
  const nimbus = [...stage.nimbuses.values()][random.below(stage.nimbuses.size)];
  const supervisor = [...stage.supervisors.values()][random.below(stage.supervisors.size)];
  const process = nimbus?.process;
  if (nimbus === undefined || supervisor === undefined || process == null) return;
  switch (random.below(6)) {
    case 0:
      world.killAtOperation(process.pid, 1 + random.below(300));
      await world.run({ forMs: random.below(5000) });
      nimbus.kill();
      nimbus.start();
      return;
    case 1:
      world.pause(process.pid);
      await world.run({ forMs: random.below(7000) });
      world.resume(process.pid);
      return;
    case 2:
      world.partition([nimbus.host], zk.hosts);
      await world.run({ forMs: random.below(7000) });
      world.heal();
      return;
    case 3: {
      const others = [...stage.nimbuses.keys()].filter((host) => host !== nimbus.host);
      world.partition([nimbus.host], [...others, ...stage.supervisors.keys()]);
      await world.run({ forMs: random.below(7000) });
      world.heal();
      return;
    }
    case 4:
      supervisor.kill();
      await world.run({ forMs: random.below(9000) });
      supervisor.start();
      return;
    default: {
      const host = zk.hosts[random.below(zk.hosts.length)] ?? "";
      zk.kill(host);
      await world.run({ forMs: random.below(4000) });
      zk.start(host);
    }
  }
}

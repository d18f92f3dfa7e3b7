/** Who uses the cluster: submits topologies, kills and rebalances them with Storm's own calls, and remembers what was answered. */
import { isStormLabError, messageOf, type Runtime, type SeededRandom } from "../base/index.ts";
import { NimbusClient, uploadFile } from "../client/index.ts";
import { topologyToThrift } from "../code/index.ts";
import type { StormConf } from "../conf/index.ts";
import { AlreadyAliveException, NotAliveException } from "../wire/thrift/index.ts";
import type { Happening } from "./events.ts";
import { wordCount, wordCountConf } from "./word-count.ts";

export interface StudentOptions {
  readonly runtime: Runtime;
  readonly conf: StormConf;
  readonly random: SeededRandom;
  readonly topologies: number;
  /** Of each topology. */
  readonly workers: number;
  readonly tell: (happening: Happening) => void;
}

const betweenTriesMs = 2000;
const triesMax = 60;
const thinkMs = 4000;

export class Student {
  /** By name: what nimbus answered last, where it answered each call at once. What was asked twice may be done late, and twice. */
  readonly told = new Map<string, "alive" | "killed">();
  readonly #unsure = new Set<string>();
  /** As far as is known. */
  readonly #alive = new Set<string>();
  answers = 0;
  /** Topologies whose kill was acknowledged. */
  kills = 0;
  readonly #options: StudentOptions;
  readonly #client: NimbusClient;
  #patient = true;

  constructor(options: StudentOptions) {
    this.#options = options;
    this.#client = new NimbusClient({ runtime: options.runtime, conf: options.conf, retryTimes: 0 });
  }

  /** Submits all of them. */
  async begin(): Promise<void> {
    for (let each = 1; each <= this.#options.topologies; each++) await this.#submit(nameOf(each));
  }

  /** One thing after the other for so long; the first is a kill, so that there always is one. */
  async go(forMs: number): Promise<void> {
    const { runtime, random, topologies } = this.#options;
    const untilMs = runtime.clock.monotonicMs() + forMs;
    for (let turn = 0; runtime.clock.monotonicMs() < untilMs; turn++) {
      await this.#wait(thinkMs / 2 + random.below(thinkMs));
      if (runtime.clock.monotonicMs() >= untilMs) return;
      const name = nameOf(1 + random.below(topologies));
      if (!this.#alive.has(name)) await this.#submit(name);
      else if (turn === 0 || random.below(3) === 0) await this.#kill(name);
      else await this.#rebalance(name);
    }
  }

  /** What fails from now on is not tried again. */
  hurry(): void {
    this.#patient = false;
  }

  async #submit(name: string): Promise<void> {
    const { workers, tell } = this.#options;
    tell({ event: "submit", name, workers });
    const topology = topologyToThrift(wordCount(workers, null).description, "word-count.ts");
    const jsonConf = JSON.stringify({ ...wordCountConf, "topology.workers": workers });
    const answer = await this.#ask(name, async () => {
      const uploadedJarLocation = await uploadFile(this.#client, Buffer.from(`the code of ${name}`));
      const options = { initial_status: "ACTIVE" as const };
      await this.#client.calls.submitTopologyWithOpts({ name, uploadedJarLocation, jsonConf, topology, options });
    });
    if (answer === "done") this.#alive.add(name);
    this.#learn(name, "alive");
  }

  async #kill(name: string): Promise<void> {
    const { random, tell } = this.#options;
    const waitSecs = random.below(4);
    tell({ event: "kill", name, waitSecs });
    const options = { wait_secs: waitSecs };
    const answer = await this.#ask(name, () => this.#client.calls.killTopologyWithOpts({ name, options }));
    if (answer === "done") this.kills++;
    this.#alive.delete(name);
    this.#learn(name, "killed");
  }

  async #rebalance(name: string): Promise<void> {
    const { random, workers: most, tell } = this.#options;
    const workers = 1 + random.below(most);
    tell({ event: "rebalance", name, workers });
    const options = { wait_secs: random.below(2), num_workers: workers };
    await this.#ask(name, () => this.#client.calls.rebalance({ name, options }));
  }

  #learn(name: string, what: "alive" | "killed"): void {
    if (this.#unsure.has(name)) this.told.delete(name);
    else this.told.set(name, what);
  }

  /** Until somebody answers. `unsure`: an earlier try may have been done, or it was not done at all. */
  async #ask(name: string, call: () => Promise<unknown>): Promise<"done" | "unsure"> {
    for (let tries = 1; ; tries++) {
      try {
        await call();
        this.answers++;
        return "done";
      } catch (error) {
        const answered = AlreadyAliveException.is(error) || NotAliveException.is(error) || !mayPass(error);
        this.#unsure.add(name);
        if (answered) this.answers++;
        if (answered || tries >= triesMax || !this.#patient) return "unsure";
        if (tries === 1) this.#options.tell({ event: "asks-again", name, why: messageOf(error) });
        await this.#wait(betweenTriesMs);
      }
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.#options.runtime.timers.after(ms, resolve));
  }
}

function mayPass(error: unknown): boolean {
  return passing.some((code) => isStormLabError(error, code));
}

/** No nimbus has answered. */
const passing = [
  "SL-NIMBUS-LEADER-NOT-FOUND",
  "SL-NIMBUS-NOT-READY",
  "SL-RPC-UNREACHABLE",
  "SL-RPC-LOST",
  "SL-RPC-DEADLINE",
] as const;

function nameOf(number: number): string {
  return `word-count-${number}`;
}

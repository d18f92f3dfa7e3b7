/** Does for simulated workers what a cluster does: starts them, starts again those that die, and tells everybody where everybody is. */
import type { SimulatedProcess, SimulatedWorld, StormLabError } from "../../../src/base/index.ts";
import { planTopology, type TopologyPlan } from "../../../src/executor/index.ts";
import { type Conf, mergeConf, type StormTopology } from "../../../src/topology/index.ts";
import { frameTransport, type Marks } from "../../../src/transport/index.ts";
import { Worker } from "../../../src/worker/index.ts";

export interface CoordinatorOptions {
  readonly world: SimulatedWorld;
  readonly workers: number;
  readonly conf: Conf;
  readonly makeTopology: (process: SimulatedProcess, life: string) => StormTopology;
  /** A dead worker is started again after so long. */
  readonly restartDelayMs: () => number;
  /** Whether it comes back at another address. */
  readonly moves: () => boolean;
}

interface Life {
  readonly process: SimulatedProcess;
  readonly worker: Worker;
  readonly name: string;
  listens: boolean;
  started: boolean;
}

/** Small, so that workers hold each other back all the time. */
const marks: Marks = { highMarkBytes: 16 * 1024, lowMarkBytes: 4 * 1024 };
const firstPort = 6700;
const portsOfWorker = 1000;

export class Coordinator {
  readonly plan: TopologyPlan;
  readonly problems: StormLabError[] = [];
  readonly failures: unknown[] = [];
  deaths = 0;
  private readonly options: CoordinatorOptions;
  private readonly assignment: readonly (readonly number[])[];
  private readonly lives: Life[] = [];
  private readonly addresses: string[];
  private readonly incarnations: number[];

  constructor(options: CoordinatorOptions) {
    const { world, workers, conf, makeTopology } = options;
    this.options = options;
    const process = world.start({ host: "coordinator", name: "coordinator" });
    const { description } = makeTopology(process, "plan");
    this.plan = planTopology(description, mergeConf(conf, { "topology.workers": workers }));
    const assignment: number[][] = Array.from({ length: workers }, () => []);
    for (const [index, { tasks }] of this.plan.executors.entries()) assignment[index % workers]?.push(...tasks);
    this.assignment = assignment;
    this.incarnations = assignment.map(() => 0);
    this.addresses = assignment.map((_, worker) => this.addressOf(worker, 0));
  }

  startAll(): void {
    for (const worker of this.assignment.keys()) this.start(worker);
  }

  get allStarted(): boolean {
    return (
      this.lives.length === this.assignment.length && this.lives.every((life) => life.started && life.process.alive)
    );
  }

  /** Nothing queued, nothing pending, spouts exhausted, everywhere. */
  get quiet(): boolean {
    return this.allStarted && this.lives.every(({ worker }) => worker.progress.quiet);
  }

  /** Names of the spout lives that live, as the word count names them. */
  get livingSpouts(): Set<string> {
    const spouts = this.plan.components.get("spout")?.tasks ?? [];
    return new Set(
      this.lives.flatMap(({ name }, worker) =>
        spouts.filter((task) => this.assignment[worker]?.includes(task)).map((task) => `${name} task ${task}`),
      ),
    );
  }

  pidOf(worker: number): number | undefined {
    const process = this.lives[worker]?.process;
    return process?.alive === true ? process.pid : undefined;
  }

  hostOf(worker: number): string {
    return `node${worker}`;
  }

  private addressOf(worker: number, move: number): string {
    const { address } = this.options.world.host(this.hostOf(worker));
    return `tcp://${address}:${firstPort + worker * portsOfWorker + move}`;
  }

  private start(number: number): void {
    const { world, makeTopology, restartDelayMs, moves } = this.options;
    const incarnation = this.incarnations[number]!++;
    if (incarnation > 0 && moves()) this.addresses[number] = this.addressOf(number, incarnation);
    const name = `worker ${number} life ${incarnation}`;
    const process = world.start({ host: this.hostOf(number), name });
    const listen = this.addresses[number] as string;
    const transport = frameTransport(process.runtime, { worker: number, topologyId: "word-count-1", listen, marks });
    const worker = new Worker({
      runtime: process.runtime,
      topologyId: "word-count-1",
      topologyName: "word-count",
      topology: makeTopology(process, name),
      plan: this.plan,
      assignment: new Map(this.assignment.entries()),
      worker: number,
      port: firstPort,
      codeDirectory: "/",
      transport,
      listener: {
        failed: (failure) => this.failures.push(failure.thrown),
        reported: (failure) => this.failures.push(failure.thrown),
        problem: (error) => this.problems.push(error),
      },
    });
    const life: Life = { process, worker, name, listens: false, started: false };
    this.lives[number] = life;
    void this.bringUp(life);
    void process.exited.then(() => {
      this.deaths++;
      world.at(world.nowMs + restartDelayMs(), () => this.start(number));
    });
  }

  private async bringUp(life: Life): Promise<void> {
    await life.worker.listen();
    life.listens = true;
    for (const { worker, listens, process } of this.lives)
      if (listens && process.alive) worker.connect(new Map(this.addresses.entries()));
    if (!(await life.worker.open()) || !life.process.alive) return;
    life.worker.start(true);
    life.started = true;
  }
}

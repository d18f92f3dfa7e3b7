/** One seed: a tracked word count over several workers, faults, and then the question whether a sentence was lost. */
import { messageOf, SeededRandom, SimulatedWorld } from "../../../src/base/index.ts";
import { Coordinator } from "./coordinator.ts";
import { Sentences } from "./sentences.ts";
import { messageTimeoutSecs, wordCount, wordCountConf } from "./word-count.ts";

export interface SeedOptions {
  /** Default: drawn from the seed. */
  readonly faults?: boolean;
}

export interface SeedResult {
  readonly violations: readonly string[];
  readonly deaths: number;
  /** Emits beyond one a sentence, and beyond those that bolts asked for by a fail. */
  readonly replays: number;
  readonly trace: string;
}

const sentenceCount = 120;
/** Faults begin within this time and have ended after it. */
const faultyMs = 3000;
/** Every round of replays takes up to two time-outs; a few in a row mean that something was forgotten. */
const recoveryMs = messageTimeoutSecs * 2 * 1000 * 20;

export async function runSeed(seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  const random = new SeededRandom(seed, "word count");
  const world = new SimulatedWorld({ seed, logLevel: "error", profile: { network: { lostByPartition: 0.5 } } });
  const sentences = new Sentences(sentenceCount, random);
  const workers = 2 + random.below(3);
  const coordinator = new Coordinator({
    world,
    workers,
    // Fewer ackers than workers: some spouts have theirs in another worker.
    conf: { ...wordCountConf, "topology.acker.executors": 1 + random.below(workers) },
    makeTopology: (process, life) => wordCount(process, sentences, life),
    restartDelayMs: () => random.below(1500),
    moves: () => random.below(3) === 0,
  });
  try {
    coordinator.startAll();
    if (options.faults !== false) scheduleFaults(world, coordinator, workers, random);
    await world.run({ untilMs: faultyMs });
    makeGood(world, coordinator, workers);
    const quiet = () => sentences.allAcked && coordinator.quiet;
    await world.until(quiet, { what: "every sentence is acked and all is quiet", deadlineMs: recoveryMs });
    sentences.close(coordinator.livingSpouts);
    if (options.faults === false && sentences.slowFails > 0) {
      sentences.violations.push(`${sentences.slowFails} fails of a bolt reached the spout by a time-out only`);
    }
    for (const thrown of coordinator.failures) sentences.violations.push(`user code failed: ${messageOf(thrown)}`);
  } catch (error) {
    sentences.violations.push(messageOf(error));
  }
  return {
    violations: sentences.violations,
    deaths: coordinator.deaths,
    replays: sentences.emissions.filter(({ end, failedMs }) => end !== "ack" && failedMs === null).length,
    trace: world.trace.hash,
  };
}

/** A worker is killed in every seed, at one of its own calls; the rest by chance. */
function scheduleFaults(world: SimulatedWorld, coordinator: Coordinator, workers: number, random: SeededRandom): void {
  const kills = 1 + random.below(3);
  for (let kill = 0; kill < kills; kill++) {
    const victim = random.below(workers);
    const operation = 1 + random.below(400);
    world.at(random.below(kill === 0 ? 60 : faultyMs), () => {
      const pid = coordinator.pidOf(victim);
      if (pid !== undefined) world.killAtOperation(pid, operation);
    });
  }
  if (random.chance(0.3)) {
    const [from, to] = [coordinator.hostOf(random.below(workers)), coordinator.hostOf(random.below(workers))];
    const startMs = random.below(faultyMs / 2);
    world.at(startMs, () => world.partition([from], [to], { oneWay: random.chance(0.3) }));
    world.at(startMs + random.below(faultyMs / 2), () => world.heal());
  }
  if (random.chance(0.3)) {
    const victim = random.below(workers);
    const startMs = random.below(faultyMs / 2);
    world.at(startMs, () => {
      const pid = coordinator.pidOf(victim);
      if (pid === undefined) return;
      world.pause(pid);
      world.at(startMs + random.below(faultyMs / 2), () => world.resume(pid));
    });
  }
  if (random.chance(0.3)) world.setNetwork({ loss: 0.05 * random.float() });
}

function makeGood(world: SimulatedWorld, coordinator: Coordinator, workers: number): void {
  world.heal();
  world.setNetwork({ loss: 0 });
  for (let worker = 0; worker < workers; worker++) {
    const pid = coordinator.pidOf(worker);
    if (pid === undefined) continue;
    world.resume(pid);
    world.killAtOperation(pid, Number.POSITIVE_INFINITY);
  }
}

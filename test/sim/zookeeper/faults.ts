/** What goes wrong in one seed, and when: drawn once from the seed, so that a failing seed fails again. */
import { SeededRandom } from "../../../src/base/index.ts";
import type { SimulatedEnsemble } from "./ensemble.ts";

export interface FaultPlan {
  readonly atMs: number;
  readonly kind: "kill" | "kill within" | "power off" | "pause" | "partition" | "one way" | "weather" | "skew";
  /** Index of the server it strikes; −1: the leader of that moment. */
  readonly target: number;
  /** How long until it is made good. */
  readonly forMs: number;
  /** More than half of the servers at once. */
  readonly wide: boolean;
}

const kinds: readonly FaultPlan["kind"][] = [
  "kill",
  "kill within",
  "power off",
  "pause",
  "partition",
  "one way",
  "weather",
  "skew",
];

/** Every fourth seed lives on slow disks, with the power going off for many at once. */
export function isPowerSeed(seed: number): boolean {
  return seed % 4 === 0;
}

export function planFaults(seed: number, size: number, untilMs: number): FaultPlan[] {
  const random = new SeededRandom(seed, "faults");
  const powerCuts = isPowerSeed(seed);
  const plan: FaultPlan[] = [];
  let atMs = 200 + random.below(1200);
  while (atMs < untilMs) {
    plan.push({
      atMs,
      kind: powerCuts && random.below(4) > 0 ? "power off" : kinds[random.below(kinds.length)]!,
      target: random.below(2) === 0 ? -1 : random.below(size),
      forMs: 50 + random.below(random.below(3) === 0 ? 4000 : 900),
      wide: random.below(powerCuts ? 2 : 6) === 0,
    });
    atMs += 50 + random.below(1800);
  }
  return plan;
}

/** Lets everything in `plan` happen in the world. */
export function scheduleFaults(
  ensemble: SimulatedEnsemble,
  plan: readonly FaultPlan[],
  clients: readonly string[],
): void {
  for (const fault of plan) ensemble.world.at(fault.atMs, () => strike(ensemble, fault, clients));
}

/** Everything that can be made good is; what was killed starts again. */
export function makeGood(ensemble: SimulatedEnsemble): void {
  const { world } = ensemble;
  world.heal();
  world.setNetwork(calm);
  for (const member of ensemble.members) {
    world.setClockSkew(member.host, 0);
    if (member.process?.alive === true) {
      world.resume(member.process.pid);
      ensemble.killWithin(member, Number.POSITIVE_INFINITY);
    }
    ensemble.start(member);
  }
}

const calm = { loss: 0, delayMs: { min: 0.1, max: 0.5 } };

function strike(ensemble: SimulatedEnsemble, fault: FaultPlan, clients: readonly string[]): void {
  const { world, members } = ensemble;
  const later = (action: () => void): void => world.at(world.nowMs + fault.forMs, action);
  const first = fault.target < 0 ? (ensemble.leader ?? members[0]!) : members[fault.target]!;
  const struck = fault.wide ? members.filter((member) => member !== first).concat(first) : [first];
  const wounded = struck.slice(-(fault.wide ? Math.floor(members.length / 2) + 1 : 1));
  const hosts = wounded.map(({ host }) => host);
  const others = members.map(({ host }) => host).filter((host) => !hosts.includes(host));
  switch (fault.kind) {
    case "kill":
    case "kill within":
    case "power off":
      for (const member of wounded) {
        if (fault.kind === "kill") ensemble.kill(member);
        else if (fault.kind === "kill within") ensemble.killWithin(member, 1 + fault.forMs);
        else ensemble.powerOff(member);
        later(() => ensemble.start(member));
      }
      return;
    case "pause":
      for (const { process } of wounded) {
        if (process?.alive !== true) continue;
        world.pause(process.pid);
        later(() => {
          if (process.alive) world.resume(process.pid);
        });
      }
      return;
    case "partition":
    case "one way": {
      // Half of the clients stay with each side.
      const near = [...hosts, ...clients.filter((_, index) => index % 2 === 0)];
      const far = [...others, ...clients.filter((_, index) => index % 2 === 1)];
      world.partition(near, far, { oneWay: fault.kind === "one way" });
      later(() => world.heal(near, far));
      return;
    }
    case "weather":
      world.setNetwork({ loss: 0.02, delayMs: { min: 0.5, max: 40 } });
      later(() => world.setNetwork(calm));
      return;
    case "skew":
      world.setClockSkew(hosts[0]!, fault.forMs * (fault.target < 0 ? -1 : 60));
      return;
  }
}

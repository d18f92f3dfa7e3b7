/**
 * The contract of a ZooKeeper, as rules that run against any server and through any adapter of the client. Apache
 * ZooKeeper passes every rule (test/interop/zookeeper): it is the oracle of what is true; ours must pass the same.
 */
import { after, before, describe, test } from "node:test";
import type { SessionAdapter } from "../../../src/zookeeper/index.ts";
import { deadline } from "../../kit/index.ts";
import { World } from "./world.ts";

export interface ContractServer {
  readonly clientPort: number;
  /** kill -9. */
  kill(): Promise<void>;
  start(): void;
  /** Resolves when it serves clients. */
  served(): Promise<void>;
}

export interface ContractEnsemble {
  readonly connectString: string;
  readonly servers: readonly ContractServer[];
  stop(): Promise<void>;
}

export interface Rule {
  readonly name: string;
  /** Needs what came after ZooKeeper 3.4, in operations or in care for a session: the package's adapter skips the rule. */
  readonly needs38?: boolean;
  run(world: World): Promise<void>;
}

/** Tick of the servers under contract, milliseconds: session time-outs lie between 2 and 20 of them. */
export const tickTimeMs = 500;

/** Every rule gets a namespace of its own in the one ensemble that `start` gives. */
export function describeContract(
  name: string,
  start: () => Promise<ContractEnsemble>,
  rules: readonly Rule[],
  adapters: readonly SessionAdapter[],
): void {
  describe(name, () => {
    let ensemble: ContractEnsemble | null = null;
    before(async () => {
      ensemble = await start();
    });
    after(() => ensemble?.stop());
    for (const adapter of adapters) {
      for (const rule of rules.filter(({ needs38 }) => needs38 !== true || adapter.protocol === "3.8")) {
        test(adapters.length > 1 ? `${rule.name} (${adapter.name})` : rule.name, async () => {
          if (ensemble === null) throw new Error("the servers did not start");
          await using world = new World(ensemble, adapter);
          await deadline(rule.run(world), ruleDeadlineMs, rule.name);
        });
      }
    }
  });
}

const ruleDeadlineMs = 60_000;

/** Looks at the cluster's memory all the time, and notes what must never be seen there. */

import { Assignment, gzipThrift } from "../../../src/wire/thrift/index.ts";
import { openZooKeeper, type ZooKeeperClient } from "../../../src/zookeeper/index.ts";
import type { Stage } from "./stage.ts";

export class Watchman {
  readonly wrong = new Set<string>();
  readonly #stage: Stage;
  readonly #client: ZooKeeperClient;
  looks = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    const { runtime } = stage.world.start({ host: "watchman" });
    this.#client = openZooKeeper(runtime, { servers: stage.zk.servers, patienceMs: 60_000 });
    runtime.timers.every(40, () => {
      const leaders = [...stage.nimbuses.values()].filter(({ leads }) => leads).map(({ host }) => host);
      if (leaders.length > 1) this.wrong.add(`${leaders} lead at once`);
    });
    void this.#watch();
  }

  async #watch(): Promise<void> {
    for (;;) {
      await this.#look().catch(() => undefined);
      await new Promise<void>((resolve) => this.#stage.client.timers.after(30, resolve));
    }
  }

  /** What one read shows was so at one moment. */
  async #look(): Promise<void> {
    const children = (name: string) => ({ op: "getChildren" as const, path: `/storm/${name}` });
    const [assigned, alive] = await this.#client.multiRead([children("assignments"), children("storms")]);
    if (assigned?.op !== "getChildren" || alive?.op !== "getChildren") return;
    this.looks++;
    for (const id of assigned.children) {
      if (!alive.children.includes(id)) this.wrong.add(`${id} is assigned and is no more`);
    }
    const reads = assigned.children.map((id) => ({ op: "getData" as const, path: `/storm/assignments/${id}` }));
    if (reads.length === 0) return;
    const owners = new Map<string, string>();
    for (const [index, result] of (await this.#client.multiRead(reads)).entries()) {
      const id = assigned.children[index] ?? "";
      if (result.op !== "getData" || result.data === null) continue;
      const slots = new Set(
        gzipThrift(Assignment)
          .decode(result.data)
          .executor_node_port.map(([, { node, port }]) => `${node}:${[...port]}`),
      );
      for (const slot of slots) {
        const other = owners.get(slot);
        if (other !== undefined) this.wrong.add(`${slot} is given to ${other} and to ${id}`);
        owners.set(slot, id);
      }
    }
  }
}

/** `counters`: what each component has counted until now. */
import type { TopologyReport } from "../../../../src/index.ts";
import type { Stage } from "../stage.ts";

export async function counters(stage: Stage): Promise<string> {
  return counterLines((await stage.start()).report());
}

export function counterLines({ components }: TopologyReport): string {
  return Object.entries(components)
    .map(([id, { kind, emitted, executed, acked, failed }]) => {
      const done = kind === "spout" ? `emitted ${emitted}` : `executed ${executed}, emitted ${emitted}`;
      return `${id}: ${done}, acked ${acked}, failed ${failed}`;
    })
    .join("\n");
}

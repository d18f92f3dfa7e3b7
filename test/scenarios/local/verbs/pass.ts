/** `pass SECONDS`: lets virtual time pass; shows what the spouts did in it, a line for each second in which they did anything. */
import type { Block } from "../../../kit/golden-text.ts";
import type { Event, Stage } from "../stage.ts";

export async function pass(stage: Stage, { words: [seconds] }: Block): Promise<string> {
  await stage.start();
  const before = stage.events.length;
  await stage.cluster.world.run({ forMs: Number(seconds) * 1000 });
  const told = stage.events.slice(before).filter(({ what }) => what !== "executes");
  const bySecond = Map.groupBy(told, ({ atMs }) => Math.floor(atMs / 1000));
  return [...bySecond].map(([second, events]) => `second ${second}: ${events.map(inWords).join(", ")}`).join("\n");
}

function inWords({ componentId, what, value }: Event): string {
  return `${componentId} ${what} "${value}"`;
}

/** `run`: to the end, as `storm-lab local` does; shows what each component counted. */
import type { Stage } from "../stage.ts";
import { counterLines } from "./counters.ts";

const deadlineMs = 600_000;

export async function run(stage: Stage): Promise<string> {
  const running = await stage.start();
  const report = await stage.cluster.finish(running.waitForCompletion(deadlineMs), "the end", 2 * deadlineMs);
  return counterLines(report);
}

/** `results`: what the tasks published, merged. */
import type { Stage } from "../stage.ts";

export async function results(stage: Stage): Promise<string> {
  const { counts } = (await stage.start()).report().results;
  const entries = Object.entries((counts ?? {}) as Readonly<Record<string, number>>);
  return entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, count]) => `${word} ${count}`)
    .join("\n");
}

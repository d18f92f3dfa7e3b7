/** `shares COMPONENT [loosely]`: what each of its tasks executed, or, where chance decides which, how many. */
import type { Block } from "../../../kit/golden-text.ts";
import type { Event, Stage } from "../stage.ts";

export function shares(stage: Stage, { words: [componentId = "", how] }: Block): string {
  const executed = stage.events.filter((event) => event.componentId === componentId && event.what === "executes");
  const byTask = [...Map.groupBy(executed, ({ taskId }) => taskId)].sort(([a], [b]) => a - b);
  return byTask
    .map(
      ([taskId, events]) =>
        `task ${taskId}: ${how === "loosely" ? `${events.length} ${events.length === 1 ? "tuple" : "tuples"}` : valuesOf(events)}`,
    )
    .join("\n");
}

function valuesOf(events: readonly Event[]): string {
  const byValue = [...Map.groupBy(events, ({ value }) => value)];
  return byValue.map(([value, same]) => (same.length === 1 ? value : `${value} ×${same.length}`)).join(", ");
}

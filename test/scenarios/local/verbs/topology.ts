/** `topology [KEY=VALUE …]`: makes one of the components below; shows which tasks they have. */
import { planTopology } from "../../../../src/executor/index.ts";
import { type Conf, TopologyBuilder } from "../../../../src/index.ts";
import type { Block } from "../../../kit/golden-text.ts";
import { addComponent } from "../components.ts";
import type { Stage } from "../stage.ts";

const keys: Readonly<Record<string, string>> = {
  workers: "topology.workers",
  ackers: "topology.acker.executors",
  "max-pending": "topology.max.spout.pending",
  "time-out": "topology.message.timeout.secs",
  "load-aware": "topology.disable.loadaware.messaging",
  queue: "topology.executor.receive.buffer.size",
};

export async function topology(stage: Stage, { words, input }: Block): Promise<string> {
  await stage.begin(Object.fromEntries(words.map(setting)));
  const builder = new TopologyBuilder();
  for (const line of input) addComponent(builder, stage, line);
  stage.topology = builder.createTopology();
  const plan = planTopology(stage.topology.description, stage.conf);
  return [...plan.components.values()].map(({ id, tasks }) => `${id}: ${tasksInWords(tasks)}`).join("\n");
}

function setting(word: string): [string, Conf[string]] {
  const [name = "", value = ""] = word.split("=");
  const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
  if (key === undefined) throw new Error(`no setting: ${name}`);
  return [key, value === "off" ? true : Number(value)];
}

function tasksInWords(tasks: readonly number[]): string {
  return `${tasks.length === 1 ? "task" : "tasks"} ${tasks.join(", ")}`;
}

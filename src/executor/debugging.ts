/**
 * Debug sampling (Storm's Nimbus.debug): of the components that are debugged the event logger is told a share of the emits, and some of
 * the trees of a spout among them are followed. While nothing is debugged the emit path has nothing to do with it.
 */
import type { Runtime } from "../base/index.ts";
import type { BoltTask } from "./bolt-task.ts";
import { valuesText, valueText } from "./event-logger.ts";
import { Follower, type TupleStep } from "./following.ts";
import type { EmitSampler } from "./outputs.ts";
import { componentOf, eventLoggerId, eventLogStream, type TopologyPlan } from "./plan.ts";
import { SpoutTask } from "./spout-task.ts";

/** Where what is seen of the tuples goes. */
export interface Sightings {
  /** A line of the event logger's, without its end. */
  readonly event: (line: string) => void;
  readonly step: (step: TupleStep) => void;
}

export interface DebuggingOptions {
  readonly runtime: Pick<Runtime, "clock" | "random">;
  readonly plan: TopologyPlan;
  /** Null: nobody looks. */
  readonly sightings: Sightings | null;
}

interface Debugged {
  readonly componentId: string;
  readonly tasks: readonly (SpoutTask | BoltTask)[];
}

export class Debugging {
  readonly #options: DebuggingOptions;
  #follower: Follower | null = null;

  constructor(options: DebuggingOptions) {
    this.#options = options;
  }

  /** `percentOf`: by component id, the same in all workers. */
  sample(percentOf: (componentId: string) => number, executors: readonly Debugged[]): void {
    const { runtime, plan, sightings } = this.#options;
    if (sightings === null) return;
    const spouts = [...plan.components.values()].filter(({ kind }) => kind === "spout");
    if (!spouts.some(({ id }) => percentOf(id) > 0)) this.#follower = null;
    else this.#follower ??= new Follower({ clock: runtime.clock, random: runtime.random, plan, told: sightings.step });
    for (const { componentId, tasks } of executors) {
      const percent = percentOf(componentId);
      const sampler = percent > 0 && plan.components.has(eventLoggerId) ? this.#sampler(percent) : null;
      for (const task of tasks) {
        task.outputs.follower = this.#follower;
        task.outputs.sampleBy(sampler);
        if (task instanceof SpoutTask) task.followPercent = percent;
      }
    }
  }

  /** Each emit by a throw of its own, as Storm's executors do. */
  #sampler(percent: number): EmitSampler {
    const { runtime, plan } = this.#options;
    return (outputs, values) => {
      if (runtime.random.float() * 100 >= percent) return;
      const { messageId } = outputs;
      const words = messageId === null || messageId === undefined ? "" : valueText(messageId);
      const { id } = componentOf(plan, outputs.taskId);
      outputs.untracked(outputs.stream(eventLogStream), [id, words, runtime.clock.nowMs(), valuesText(values)]);
    };
  }
}

/** Executors over workers, dealt round-robin in task order, as Storm's default scheduler deals them over a topology's slots. */
import type { TopologyPlan } from "../executor/index.ts";
import type { TasksOfWorkers } from "../worker/index.ts";

/** Workers are numbered from 0; their tasks ascend. With more workers than executors the last ones would be empty: they are left out. */
export function dealTasks(plan: TopologyPlan, workers: number): TasksOfWorkers {
  const used = Math.min(workers, plan.executors.length);
  const assignment: number[][] = Array.from({ length: used }, () => []);
  for (const [index, executor] of plan.executors.entries()) assignment[index % used]?.push(...executor.tasks);
  return new Map(assignment.entries());
}

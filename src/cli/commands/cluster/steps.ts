/** How a plan and its progress look: ticked lines for people, one event a line for programs. */
import { describeAction, type Plan, type PlanStep } from "../../../../provision/index.ts";
import type { CommandContext } from "../../command.ts";

export function showPlan({ globals, stdout }: CommandContext, plan: Plan): void {
  if (globals.output !== "text") {
    const actions = plan.actions.map(describeAction);
    stdout.write(`${JSON.stringify({ v: 1, type: "plan", summary: plan.summary, actions })}\n`);
    return;
  }
  const folders = plan.actions.filter(({ kind }) => kind === "folder").length;
  const lines = [
    ...(folders > 0 ? [`make ${folders} folders`] : []),
    ...plan.actions.filter(({ kind }) => kind !== "folder").map(describeAction),
  ];
  stdout.write(`${plan.summary}\n`);
  for (const [index, line] of lines.entries()) stdout.write(`${String(index + 1).padStart(4)}  ${line}\n`);
}

/** Steps that only lay files out, or take them away again, are one line together. */
export class StepLines {
  private readonly context: CommandContext;
  private written = 0;
  private removed = 0;

  constructor(context: CommandContext) {
    this.context = context;
  }

  step(step: PlanStep): void {
    const { globals, stdout } = this.context;
    if (globals.output === "ndjson") stdout.write(`${JSON.stringify({ v: 1, type: "step", ...step })}\n`);
    if (globals.output !== "text" || step.state === "begin") return;
    if (step.files && step.state === "done") this.written++;
    else if (step.files) this.removed++;
    else {
      this.flush();
      this.line(step.state, step.text);
    }
  }

  /** What has been counted and not yet told. */
  flush(): void {
    if (this.written > 0) this.line("done", `wrote ${this.written} folders and files`);
    if (this.removed > 0) this.line("undone", `took back ${this.removed} folders and files`);
    this.written = 0;
    this.removed = 0;
  }

  private line(state: "done" | "undone", text: string): void {
    const { globals, stdout } = this.context;
    if (globals.output !== "text") return;
    const [colour, mark, plain] =
      state === "done" ? (["green", "✓", "ok"] as const) : (["yellow", "↶", "undone"] as const);
    stdout.write(`${stdout.style(colour, globals.ascii ? plain : mark)} ${text}\n`);
  }
}

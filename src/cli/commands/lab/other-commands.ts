/** `storm-lab lab list|reset|undo|solution|report`: where a student stands, and ways back. */
import {
  type LabSession,
  labFiles,
  labReport,
  layFiles,
  reportHtml,
  reportMarkdown,
} from "../../../../labs/engine/index.ts";
import { labTable } from "../../../../labs/lab-table.ts";
import { healNetwork, listProcesses, signalProcesses, startProcesses } from "../../../../provision/index.ts";
import { exitCodes, isStormLabError, StormLabError } from "../../../base/index.ts";
import { leftTable } from "../local/columns.ts";
import { currentSession, type Desk, labOf, openCluster, pageOf, sessionOf, textsOf, told } from "./desk.ts";
import { stepPage } from "./pages.ts";
import { stepData, whatNext } from "./step-commands.ts";

export async function runList(desk: Desk): Promise<number> {
  const { say, context, file } = desk;
  const rows = await Promise.all(
    labTable.map(async (lab) => {
      const { title } = (await textsOf(desk, lab))[context.globals.language];
      const { isFinished, number, progress } = sessionOf(desk, lab);
      const steps = lab.steps.length;
      const state = isFinished ? "finished" : progress === null ? "new" : "working";
      return { lab, title, step: number, steps, state };
    }),
  );
  const words = { finished: say("stateDone"), new: say("stateNew"), working: "" } as const;
  const lines = leftTable(
    rows.map(({ lab, title, step, steps, state }) => [
      String(lab.number),
      title,
      lab.id,
      say("minutes", { minutes: lab.minutes }),
      state === "working" ? say("stateWorking", { step, steps }) : words[state as keyof typeof words],
    ]),
  );
  const text = `${lines.map((line) => line.trimEnd()).join("\n")}\n\n${say("start")}\n`;
  const labs = rows.map(({ lab: { id, number, minutes }, title, step, steps, state }) => ({
    id,
    number,
    title,
    minutes,
    step,
    steps,
    state,
  }));
  told(desk, text, { type: "lab-list", current: file.progress.current, labs });
  return exitCodes.done;
}

/** `step`, or the whole `lab`: files as they were given, topologies gone, faults mended. */
export async function runReset(desk: Desk): Promise<number> {
  const { say, input, runtime, root } = desk;
  const session = currentSession(desk);
  const { lab, progress } = session;
  const isWhole = String(input.args.what ?? "step") === "lab";
  const healed = await heal(desk, session);
  const killed = isWhole ? await killTopologies(desk, session) : [];
  const kept = await layFiles(runtime, await labFiles(runtime, root, lab, "starter"), progress?.folder ?? "");
  if (isWhole) await session.resetLab();
  else await session.resetStep();
  const page = await pageOf(desk, lab);
  const lines = [
    ...healed.map((what) => say("healed", { what })),
    ...killed.map((name) => say("killedTopology", { name })),
    ...(kept.length === 0 ? [] : [say("kept", { files: kept.join(", ") })]),
    say(isWhole ? "resetLab" : "resetStep"),
  ];
  told(desk, `${lines.join("\n")}\n${stepPage(page, session)}\n${whatNext(page, session)}\n`, {
    ...stepData(page, session),
    type: "lab-reset",
    healed,
    killed,
    kept,
  });
  return exitCodes.done;
}

/** Takes back what was broken on purpose. */
export async function runUndo(desk: Desk): Promise<number> {
  const { say } = desk;
  const healed = await heal(desk, currentSession(desk));
  const text = healed.length === 0 ? say("nothingToHeal") : healed.map((what) => say("healed", { what })).join("\n");
  told(desk, `${text}\n`, { type: "lab-undo", healed });
  return exitCodes.done;
}

/** Into `solution/` beside the student's own files, with the commands of this step. */
export async function runSolution(desk: Desk): Promise<number> {
  const { say, runtime, root, input } = desk;
  const session = currentSession(desk);
  const { lab, step, progress, isDone } = session;
  if (!isDone && input.options.anyway !== true) throw tooEarly();
  const folder = `${progress?.folder}/solution`;
  await layFiles(runtime, await labFiles(runtime, root, lab, "solution"), folder);
  await session.showSolution();
  const commands = (step.proof?.solution ?? []).flatMap((act) =>
    typeof act === "string" ? [] : [`storm-lab ${act.map(quoted).join(" ")}`],
  );
  const lines = [
    say("solutionLaid", { folder }),
    ...(commands.length === 0 ? [] : [say("solutionActs")]),
    ...commands.map((line) => `    ${line}`),
  ];
  told(desk, `${lines.join("\n")}\n`, { type: "lab-solution", lab: lab.id, step: step.id, folder, commands });
  return exitCodes.done;
}

/** Markdown on standard output, or three files in the lab's folder. */
export async function runReport(desk: Desk): Promise<number> {
  const { context, input, say, runtime } = desk;
  const session = input.args.lab === undefined ? currentSession(desk) : sessionOf(desk, labOf(String(input.args.lab)));
  const { lab, progress } = session;
  if (progress === null) throw notStarted(lab.number);
  const { version } = await import("../version.ts");
  const { language } = context.globals;
  const text = (await textsOf(desk, lab))[language];
  const report = labReport(lab, text, progress, version);
  const markdown = reportMarkdown(report, language);
  const json = `${JSON.stringify(report)}\n`;
  if (input.options.write !== true) {
    context.stdout.write(context.globals.output === "text" ? markdown : json);
    return exitCodes.done;
  }
  const files = { "report.md": markdown, "report.json": json, "report.html": reportHtml(report, language) };
  const paths: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    const path = `${progress.folder}/${name}`;
    await runtime.fs.writeFile(path, new TextEncoder().encode(content));
    paths.push(path);
  }
  told(desk, paths.map((path) => `${say("wrote", { file: path })}\n`).join(""), { type: "lab-report", files: paths });
  return exitCodes.done;
}

/** Network faults go, paused processes go on, daemons that do not run are started. No cluster: nothing to mend. */
async function heal(desk: Desk, { lab }: LabSession): Promise<string[]> {
  const { place } = desk;
  try {
    const { layout } = await openCluster(desk, lab);
    const network = await healNetwork(place, layout, null);
    const rows = await listProcesses(place, layout);
    const resumed = await signalProcesses(
      place,
      layout,
      rows.filter(({ state }) => state === "paused"),
      "SIGCONT",
    );
    const stopped = rows.filter(({ state, role }) => state === "stopped" && role !== "worker");
    await startProcesses(place, layout, stopped);
    return [
      ...network.map(({ kind, a, b }) => `${kind} ${a.join()} ${b.join()}`),
      ...resumed,
      ...stopped.map(({ id }) => id),
    ];
  } catch (error) {
    if (isStormLabError(error, "SL-CLUSTER-NONE")) return [];
    throw error;
  }
}

async function killTopologies(desk: Desk, { lab }: LabSession): Promise<string[]> {
  const killed: string[] = [];
  try {
    const cluster = await openCluster(desk, lab);
    for (const name of lab.topologies) {
      const running = await cluster.topology(name);
      if (running === null) continue;
      await cluster.ui.act(`topology/${encodeURIComponent(running.id)}/kill/0`);
      killed.push(name);
    }
    return killed;
  } catch (error) {
    // A cluster that is not there runs none of them.
    if (isStormLabError(error, "SL-CLUSTER-NONE") || isStormLabError(error, "SL-UI-AWAY")) return killed;
    throw error;
  }
}

function quoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `"${word}"`;
}

function tooEarly(): StormLabError {
  return new StormLabError({
    code: "SL-LAB-SOLUTION",
    what: "this step is not done yet",
    why: "the solution is worth more after a try; three hints are free",
    hint: "storm-lab lab hint   or   storm-lab lab solution --anyway",
    exitCode: exitCodes.usage,
  });
}

function notStarted(number: number): StormLabError {
  return new StormLabError({
    code: "SL-LAB-NONE",
    what: `lab ${number} was not started here`,
    why: "a report tells what was done",
    hint: `storm-lab lab start ${number}`,
    exitCode: exitCodes.usage,
  });
}

/** `storm-lab lab show|check|next|predict|hint`: the way through a lab, one command at a time. */
import { type Evidence, hintsPerStep, type LabSession } from "../../../../labs/engine/index.ts";
import { labTable } from "../../../../labs/lab-table.ts";
import { exitCodes, StormLabError } from "../../../base/index.ts";
import { currentSession, type Desk, pageOf, told } from "./desk.ts";
import { evidenceLines, hintLines, introPage, type Page, stepPage, whyLines } from "./pages.ts";

export async function runShow(desk: Desk): Promise<number> {
  const session = currentSession(desk);
  const page = await pageOf(desk, session.lab);
  told(
    desk,
    `${introPage(page, session)}${stepPage(page, session)}\n${whatNext(page, session)}\n`,
    stepData(page, session),
  );
  return exitCodes.done;
}

export async function runCheck(desk: Desk): Promise<number> {
  const session = currentSession(desk);
  const page = await pageOf(desk, session.lab);
  const evidence = await session.check();
  if (evidence === null) {
    told(desk, `${stepPage(page, session)}\n${whatNext(page, session)}\n`, stepData(page, session));
    return exitCodes.done;
  }
  return tellEvidence(desk, page, session, evidence);
}

/** Checks what has not been checked, and goes on when it is met. */
export async function runNext(desk: Desk): Promise<number> {
  const session = currentSession(desk);
  const page = await pageOf(desk, session.lab);
  if (!session.isDone) {
    const { step } = session;
    if (step.kind === "predict") throw noAnswer("", session);
    const evidence = await session.check();
    if (evidence !== null && !evidence.met) return tellEvidence(desk, page, session, evidence);
    if (evidence === null) await session.markRead();
    else if (desk.context.globals.output === "text") tellEvidence(desk, page, session, evidence);
  }
  const goesOn = await session.next();
  const text = goesOn ? `${stepPage(page, session)}\n${whatNext(page, session)}\n` : `${endText(page, session)}\n`;
  told(desk, text, stepData(page, session));
  return exitCodes.done;
}

export async function runPredict(desk: Desk): Promise<number> {
  const session = currentSession(desk);
  const answer = String(desk.input.args.answer);
  if (!(await session.predict(answer))) throw noAnswer(answer, session);
  const page = await pageOf(desk, session.lab);
  const text = `${page.say("predicted", { answer })}\n${page.say("goOn")}\n`;
  told(desk, text, { ...stepData(page, session), prediction: answer });
  return exitCodes.done;
}

export async function runHint(desk: Desk): Promise<number> {
  const session = currentSession(desk);
  const page = await pageOf(desk, session.lab);
  const hint = await session.hint();
  const text = page.text.steps.get(session.step.id)?.hints[hint - 1] ?? "";
  told(desk, hintLines(page, session, hint, hintsPerStep), { ...stepData(page, session), hint, text });
  return exitCodes.done;
}

/** What to type now. */
export function whatNext({ say }: Page, session: LabSession): string {
  const { step } = session;
  if (step.kind === "predict" && !session.isDone) return say("answer", { choices: (step.choices ?? []).join("|") });
  return step.check === undefined || session.isDone ? say("goOn") : say("doIt");
}

export function endText({ say }: Page, { lab }: LabSession): string {
  const following = labTable.find(({ number }) => number > lab.number);
  const next = following === undefined ? say("last") : say("another", { number: following.number });
  return `\n${say("finished", { number: lab.number })}\n${next}`;
}

/** For `-o json`: where the student is. */
export function stepData(page: Page, session: LabSession) {
  const { lab, step, number, progress, isDone, isFinished } = session;
  const title = page.text.steps.get(step.id)?.title ?? step.id;
  const { folder = null, cluster = null } = progress ?? {};
  return {
    type: "lab-step",
    lab: lab.id,
    number: lab.number,
    step: step.id,
    stepNumber: number,
    steps: lab.steps.length,
    kind: step.kind,
    title,
    done: isDone,
    finished: isFinished,
    folder,
    cluster,
  };
}

function tellEvidence(desk: Desk, page: Page, session: LabSession, evidence: Evidence): number {
  const { met } = evidence;
  const after = met ? `${whyLines(page, session)}\n${page.say("goOn")}\n` : "";
  const { prediction } = session;
  told(desk, `${evidenceLines(page, evidence)}${after}`, {
    ...stepData(page, session),
    type: "lab-check",
    ...evidence,
    ...(prediction === null ? {} : { prediction: prediction.answer }),
  });
  return met ? exitCodes.done : exitCodes.labNotMet;
}

function noAnswer(answer: string, { step }: LabSession): StormLabError {
  const choices = (step.choices ?? []).join(", ");
  return new StormLabError({
    code: "SL-LAB-ANSWER",
    what:
      choices === ""
        ? "this step asks for no prediction"
        : answer === ""
          ? "this step asks for your prediction"
          : `${answer} is none of ${choices}`,
    why:
      choices === ""
        ? `step ${step.id} is one to ${step.kind}`
        : "what you expect is kept, and compared with what comes; it is not marked",
    hint:
      choices === "" ? "storm-lab lab show" : `storm-lab lab predict ${step.choices?.[0]}   or another of ${choices}`,
    exitCode: exitCodes.usage,
  });
}

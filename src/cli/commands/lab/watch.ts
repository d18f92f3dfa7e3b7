/** The lab on a terminal: checks by itself every two seconds and whenever a file is saved, and goes on by a key. */
import { emitKeypressEvents } from "node:readline";
import { type Evidence, hintsPerStep, type LabSession, lastChangeMs } from "../../../../labs/engine/index.ts";
import { exitCodes, pause } from "../../../base/index.ts";
import type { Desk } from "./desk.ts";
import { evidenceLine, evidenceLines, hintLines, type Page, stepPage, whyLines } from "./pages.ts";
import { endText } from "./step-commands.ts";

const checkMs = 2000;
const fileLookMs = 300;
const clearLine = "\r\u001b[K";

interface Watching {
  readonly desk: Desk;
  readonly page: Page;
  readonly session: LabSession;
  readonly keys: Keys;
}

/** Until the lab is finished, or q, or Ctrl-C. */
export async function watchLab(desk: Desk, page: Page, session: LabSession): Promise<number> {
  const { stdout } = desk.context;
  const keys = new Keys(desk.context.interrupted);
  const watching = { desk, page, session, keys };
  try {
    for (;;) {
      const goesOn = await watchStep(watching);
      if (!goesOn) break;
      if (!(await session.next())) {
        stdout.write(`${clearLine}${endText(page, session)}\n`);
        return exitCodes.done;
      }
      stdout.write(`${clearLine}${stepPage(page, session)}`);
    }
    stdout.write(`${clearLine}${page.say("left")}\n`);
    return exitCodes.done;
  } finally {
    keys.close();
  }
}

/** True: the student wants the next step, and may have it. */
async function watchStep({ desk, page, session, keys }: Watching): Promise<boolean> {
  const { context, runtime } = desk;
  const { stdout, interrupted } = context;
  let checkedMs = Number.NEGATIVE_INFINITY;
  let changeMs = 0;
  let shown = "";
  const status = (text: string) => {
    if (text !== shown) stdout.write(`${clearLine}${text}`);
    shown = text;
  };
  if (session.step.check !== undefined && !session.isDone)
    stdout.write(`\n${stdout.style("dim", page.say("keysWait"))}\n`);
  for (;;) {
    const key = keys.take();
    if (key === "q" || interrupted.aborted) return false;
    if (key === "h") {
      const hint = await session.hint();
      stdout.write(`${clearLine}${hintLines(page, session, hint, hintsPerStep)}\n`);
      shown = "";
    }
    const isRead = session.step.check === undefined && session.step.kind !== "predict";
    if (key === "next" && (session.isDone || isRead)) {
      if (!session.isDone) await session.markRead();
      return true;
    }
    if (key !== null && !session.isDone && (await session.predict(key))) {
      stdout.write(`${clearLine}${page.say("predicted", { answer: key })}\n`);
      shown = "";
    }
    const change = await lastChangeMs(runtime, session.progress?.folder ?? "");
    const isDue = change !== changeMs || runtime.clock.monotonicMs() - checkedMs >= checkMs;
    if (session.step.check !== undefined && !session.isDone && isDue) {
      changeMs = change;
      const evidence = await session.check();
      checkedMs = runtime.clock.monotonicMs();
      if (evidence?.met === true) {
        tellMet(page, session, evidence);
        shown = "";
      } else if (evidence !== null) status(evidenceLine(page, evidence));
    }
    if (session.isDone || session.step.check === undefined) status(keysLine(page, session));
    await keys.wait(() => pause(runtime.timers, fileLookMs, interrupted));
  }
}

function tellMet(page: Page, session: LabSession, evidence: Evidence): void {
  page.context.stdout.write(`${clearLine}${evidenceLines(page, evidence)}${whyLines(page, session)}\n`);
}

function keysLine({ context, say }: Page, session: LabSession): string {
  const { step, isDone } = session;
  const asks = step.kind === "predict" && !isDone;
  return context.stdout.style(
    "dim",
    asks ? say("keysPredict", { choices: (step.choices ?? []).join(" ") }) : say("keysDone"),
  );
}

/** What is typed, key by key; the terminal is as it was before once this is closed. */
class Keys {
  readonly #queue: string[] = [];
  readonly #onKey: (text: string | undefined, key: { readonly name?: string; readonly ctrl?: boolean }) => void;
  #wake: () => void = () => {};

  constructor(interrupted: AbortSignal) {
    this.#onKey = (text, { name, ctrl }) => {
      if (ctrl === true && name === "c") process.kill(process.pid, "SIGINT");
      else if (name === "return" || name === "enter" || name === "n" || name === "space") this.#push("next");
      else if (text !== undefined) this.#push(text);
    };
    emitKeypressEvents(process.stdin);
    process.stdin.setRawMode(true);
    process.stdin.on("keypress", this.#onKey);
    process.stdin.resume();
    interrupted.addEventListener("abort", () => this.#wake(), { once: true });
  }

  take(): string | null {
    return this.#queue.shift() ?? null;
  }

  /** As long as `other` takes, or until a key comes. */
  async wait(other: () => Promise<void>): Promise<void> {
    if (this.#queue.length > 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await Promise.race([promise, other()]);
  }

  close(): void {
    process.stdin.off("keypress", this.#onKey);
    process.stdin.setRawMode(false);
    process.stdin.pause();
  }

  #push(key: string): void {
    if (this.#queue.length < keysMax) this.#queue.push(key);
    this.#wake();
  }
}

/** Typed ahead; more is noise. */
const keysMax = 16;

/** What cannot be known from an answer alone: names and ports that are taken, memory, open files. */
import { busyPort, clusterNames, type Place } from "../../../provision/index.ts";
import { type Answers, footprintOf, specOf } from "./answers.ts";
import type { QuestionKey } from "./questions.ts";
import type { WizardSay } from "./texts.ts";

/** Limits of this machine and this process; null: not known here. */
export interface MachineLimits {
  readonly availableMb: number | null;
  readonly openFiles: number | null;
}

/** Why this answer cannot be taken on this machine now; null: it can. */
export async function liveFault(
  place: Place,
  key: QuestionKey,
  answers: Answers,
  say: WizardSay,
): Promise<string | null> {
  if (key === "name" && (await clusterNames(place)).includes(answers.name))
    return say("nameTaken", { name: answers.name });
  if (key !== "ports") return null;
  const busy = await busyPort(place, specOf(answers));
  if (busy === null) return null;
  const { port, use, holder } = busy;
  return holder === null ? say("portBusy", { port, use }) : say("portBusyBy", { port, use, ...holder });
}

/** What may go wrong and may not. */
export function warnings({ availableMb, openFiles }: MachineLimits, answers: Answers, say: WizardSay): string[] {
  const { fullMb } = footprintOf(answers);
  return [
    ...(availableMb !== null && availableMb < fullMb ? [say("memoryShort", { free: Math.round(availableMb) })] : []),
    ...(openFiles !== null && openFiles < openFilesMin ? [say("filesShort", { limit: openFiles })] : []),
  ];
}

/** A server with some dozens of connections, its logs and its own code. */
const openFilesMin = 1024;

/** Where the wizard stands, and where a reply leads: on, back, or to the same question with a fault. Pure. */
import type { Answers } from "./answers.ts";
import { isFault, type Question, type QuestionKey, questionOf, questions } from "./questions.ts";
import type { WizardSay } from "./texts.ts";

export interface Flow {
  readonly answers: Answers;
  /** What flags have answered: no reply changes it. */
  readonly given: Partial<Answers>;
  /** Those that no flag has answered. */
  readonly asked: readonly QuestionKey[];
  /** Index into `asked`; its length: all are answered. */
  readonly at: number;
  /** Why the last reply was not taken; null: it was. */
  readonly fault: string | null;
}

export type Reply = { readonly kind: "answer"; readonly text: string } | { readonly kind: "back" };

export function beginFlow(answers: Answers, given: Partial<Answers>): Flow {
  const asked = questions.filter(({ flags }) => !flags.every((flag) => flag in given)).map(({ key }) => key);
  return { answers: { ...answers, ...given }, given, asked, at: 0, fault: null };
}

/** Null: all are answered. */
export function currentQuestion({ asked, at }: Flow): Question | null {
  const key = asked[at];
  return key === undefined ? null : questionOf(key);
}

export function replied(flow: Flow, reply: Reply, say: WizardSay): Flow {
  if (reply.kind === "back") return { ...flow, at: Math.max(0, flow.at - 1), fault: null };
  const question = currentQuestion(flow);
  if (question === null) return flow;
  const read = question.read(reply.text.trim(), flow.answers, say);
  if (isFault(read)) return { ...flow, fault: read.fault };
  return { ...flow, answers: { ...read, ...flow.given }, at: flow.at + 1, fault: null };
}

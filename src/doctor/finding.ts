/** What the doctor found: a code, where it was seen, and what mends it. Its words in both languages are in `texts.ts`. */
import { type Language, speaker } from "../language/index.ts";
import { type DoctorCode, doctorTexts } from "./texts.ts";

export interface Finding {
  readonly code: DoctorCode;
  /** An error keeps something from working; a warning may. */
  readonly severity: "error" | "warning";
  /** For the words of the code. */
  readonly values: Readonly<Record<string, string | number>>;
  /** The file, the process or the answer that shows it. */
  readonly where: string;
  /** A command; null: the code's hint says what a person has to do. */
  readonly fix: string | null;
  /** What `--fix` may do by itself: nothing that runs is ended, nothing that anyone wrote is lost. */
  readonly safe: SafeFix | null;
}

export type SafeFix =
  | { readonly kind: "remove-pid-file"; readonly path: string }
  | { readonly kind: "start" | "resume"; readonly cluster: string; readonly process: string };

/** A finding in words, for people and for programs alike. */
export interface ToldFinding extends Pick<Finding, "code" | "severity" | "where"> {
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

export function tellFinding({ code, severity, values, where, fix }: Finding, language: Language): ToldFinding {
  const say = speaker(doctorTexts[code], language);
  return { code, severity, what: say("what", values), why: say("why"), where, fix: fix ?? say("hint") };
}

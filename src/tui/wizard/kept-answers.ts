/** Answers of a wizard that was interrupted, as they were typed, kept until the next one is done. */
import type { Place } from "../../../provision/index.ts";

/** Question and answer, in the order of the questions. */
export type KeptAnswers = ReadonlyArray<readonly [question: string, text: string]>;

/** Empty: there are none, or none that this version understands. */
export async function readKept({ runtime, home }: Place): Promise<KeptAnswers> {
  try {
    const text = new TextDecoder().decode(await runtime.fs.readFile(fileIn(home)));
    const { version, answers } = JSON.parse(text) as { version?: unknown; answers?: unknown };
    return version === formatVersion && Array.isArray(answers) && answers.every(isPair) ? answers : [];
  } catch {
    return [];
  }
}

export async function keepAnswers({ runtime, home }: Place, answers: KeptAnswers): Promise<void> {
  await runtime.fs.makeDirectory(home);
  const text = JSON.stringify({ version: formatVersion, answers });
  await runtime.fs.writeFile(fileIn(home), new TextEncoder().encode(`${text}\n`));
}

export async function forgetAnswers({ runtime, home }: Place): Promise<void> {
  if ((await runtime.fs.stat(fileIn(home))) !== null) await runtime.fs.remove(fileIn(home));
}

const formatVersion = 1;

function fileIn(home: string): string {
  return `${home}/init-answers.json`;
}

function isPair(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "string");
}

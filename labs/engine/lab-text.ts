/**
 * A lab's text of one language, from Markdown: `# Title`, what it is about, its goals as a list; then `## step: Title` with the
 * step's text, three `### hint` and, if there is something to say once it is done, `### why`. Pure.
 */

export interface LabText {
  readonly title: string;
  readonly about: string;
  readonly goals: readonly string[];
  readonly steps: ReadonlyMap<string, StepText>;
}

export interface StepText {
  readonly title: string;
  readonly body: string;
  readonly hints: readonly string[];
  /** What has just happened, and why it matters. */
  readonly why: string;
}

export function parseLabText(markdown: string): LabText {
  const [head = "", ...parts] = markdown.split(/^## /m);
  const title = /^# (.*)$/m.exec(head)?.[1]?.trim() ?? "";
  const lines = head
    .replace(/^# .*$/m, "")
    .trim()
    .split("\n");
  const goals = lines.flatMap((line) => (line.startsWith("- ") ? [line.slice(2).trim()] : []));
  const about = lines
    .filter((line) => !line.startsWith("- "))
    .join("\n")
    .trim();
  return { title, about, goals, steps: new Map(parts.map(stepOf)) };
}

function stepOf(part: string): [string, StepText] {
  const [heading = "", ...rest] = part.split("\n");
  const colon = heading.indexOf(":");
  const id = heading.slice(0, colon < 0 ? undefined : colon).trim();
  const title = colon < 0 ? "" : heading.slice(colon + 1).trim();
  const [body = "", ...sections] = rest.join("\n").split(/^### /m);
  const named = (name: string) =>
    sections.flatMap((section) => {
      const [first = "", ...text] = section.split("\n");
      return first.trim() === name ? [trimmed(text.join("\n"))] : [];
    });
  return [id, { title, body: trimmed(body), hints: named("hint"), why: named("why").join("\n\n") }];
}

/** A block at the beginning keeps its indent. */
function trimmed(text: string): string {
  return text.replace(/^\n+/, "").trimEnd();
}

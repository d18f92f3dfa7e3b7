/** What a student did in a lab, as data, Markdown and HTML: times, hints, predictions and what came true. Pure. */
import type { Language } from "../../src/language/index.ts";
import { type Say, speaker } from "../../src/language/index.ts";
import type { Lab } from "./lab.ts";
import type { LabText } from "./lab-text.ts";
import type { LabProgress } from "./progress.ts";

export interface LabReport {
  readonly v: 1;
  readonly lab: string;
  readonly number: number;
  readonly title: string;
  readonly version: string;
  readonly content: string;
  readonly startedMs: number;
  readonly finishedMs: number | null;
  readonly minutesStated: number;
  readonly steps: readonly ReportedStep[];
}

export interface ReportedStep {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly done: boolean;
  /** From its beginning until it was done; null: it is not. */
  readonly seconds: number | null;
  readonly hints: number;
  readonly solutionShown: boolean;
  /** What the check saw last. */
  readonly seen: string | null;
  readonly prediction: string | null;
  /** What came true of what was predicted; null: it has not shown yet. */
  readonly reality: string | null;
}

const words = {
  step: { en: "step", zh: "步骤" },
  time: { en: "time", zh: "用时" },
  hints: { en: "hints", zh: "提示" },
  seen: { en: "what the cluster showed", zh: "集群的表现" },
  prediction: { en: "prediction", zh: "预测" },
  reality: { en: "what came true", zh: "实际结果" },
  started: { en: "started", zh: "开始" },
  finished: { en: "finished", zh: "完成" },
  notYet: { en: "not yet", zh: "尚未完成" },
  minutes: { en: "stated time: {n} minutes", zh: "预计用时：{n} 分钟" },
  withSolution: { en: "solution seen", zh: "看过答案" },
} as const;

export function labReport(lab: Lab, text: LabText, progress: LabProgress, version: string): LabReport {
  const realities = new Map(
    lab.steps.flatMap(({ id, reveals }) =>
      reveals === undefined ? [] : [[reveals, progress.steps.get(id)?.reality ?? null] as const],
    ),
  );
  const steps = lab.steps.map(({ id, kind }): ReportedStep => {
    const step = progress.steps.get(id);
    return {
      id,
      title: text.steps.get(id)?.title ?? id,
      kind,
      done: step?.doneMs != null,
      seconds: step?.doneMs == null ? null : Math.round((step.doneMs - step.begunMs) / 1000),
      hints: step?.hints ?? 0,
      solutionShown: step?.solutionShown ?? false,
      seen: step?.seen ?? null,
      prediction: step?.prediction ?? null,
      reality: realities.get(id) ?? null,
    };
  });
  const { startedMs, finishedMs, content } = progress;
  const { number, minutes: minutesStated } = lab;
  return {
    v: 1,
    lab: lab.id,
    number,
    title: text.title,
    version,
    content,
    startedMs,
    finishedMs,
    minutesStated,
    steps,
  };
}

export function reportMarkdown(report: LabReport, language: Language): string {
  const say = speaker(words, language);
  const rows = reportRows(report, say).map((row) => `| ${row.map(escaped).join(" | ")} |`);
  return `# ${report.number} · ${report.title}

${facts(report, say)
  .map((line) => `- ${line}`)
  .join("\n")}

| ${headings(say).join(" | ")} |
|${headings(say)
    .map(() => "---")
    .join("|")}|
${rows.join("\n")}
`;
}

export function reportHtml(report: LabReport, language: Language): string {
  const say = speaker(words, language);
  const cells = (row: readonly string[], tag: string) => row.map((cell) => `<${tag}>${html(cell)}</${tag}>`).join("");
  return `<!doctype html>
<html lang="${language}"><meta charset="utf-8"><title>${html(report.title)}</title>
<style>
body{font:16px sans-serif;margin:2em}table{border-collapse:collapse}
td,th{border:1px solid #999;padding:.3em .6em;text-align:left}
</style>
<h1>${report.number} · ${html(report.title)}</h1>
<ul>${facts(report, say)
    .map((line) => `<li>${html(line)}</li>`)
    .join("")}</ul>
<table><tr>${cells(headings(say), "th")}</tr>
${reportRows(report, say)
  .map((row) => `<tr>${cells(row, "td")}</tr>`)
  .join("\n")}
</table></html>
`;
}

function headings(say: Say<keyof typeof words>): string[] {
  return [say("step"), say("time"), say("hints"), say("prediction"), say("reality"), say("seen")];
}

function reportRows({ steps }: LabReport, say: Say<keyof typeof words>): string[][] {
  return steps.map(({ title, done, seconds, hints, solutionShown, prediction, reality, seen }) => [
    `${done ? "✓" : "·"} ${title}`,
    seconds === null ? "" : duration(seconds),
    [hints === 0 ? "" : String(hints), solutionShown ? say("withSolution") : ""]
      .filter((part) => part !== "")
      .join(", "),
    prediction ?? "",
    reality ?? "",
    seen ?? "",
  ]);
}

function facts({ startedMs, finishedMs, minutesStated, version, content }: LabReport, say: Say<keyof typeof words>) {
  const seconds = finishedMs === null ? 0 : Math.round((finishedMs - startedMs) / 1000);
  const end = finishedMs === null ? say("notYet") : `${moment(finishedMs)} (${duration(seconds)})`;
  return [
    `${say("started")} ${moment(startedMs)}`,
    `${say("finished")} ${end}`,
    say("minutes", { n: minutesStated }),
    `storm-lab ${version}, ${content}`,
  ];
}

function moment(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function duration(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function escaped(cell: string): string {
  return cell.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function html(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Every log of the cluster, and one of them: its end as it grows, a place in it, a search through it. */
import type { LogMatch, LogRow } from "../api-types.ts";
import { ask, type LogText, readLog, useAnswer } from "../client.ts";
import { count, has, heading, search, waiting } from "../pieces.ts";
import { addressOf } from "../route.ts";
import { table } from "../table.ts";
import { h, useEffect, useState, type View } from "../view.ts";
import type { Words } from "../words.ts";

const listEveryMs = 5000;
const tailEveryMs = 2000;
const shownBytes = 51_200;
const matchesShown = 50;

export function logsView({ t }: { readonly t: Words }): View {
  const [wanted, setWanted] = useState("");
  const { value, failure } = useAnswer<{ logs: readonly LogRow[] }>("storm-lab/logs", listEveryMs);
  if (value === null) return waiting(t, failure);
  const shown = value.logs.filter(({ host, name }) => has(wanted, `${host} ${name}`));
  return h(
    "div",
    null,
    search(t, wanted, setWanted, { found: [shown.length, value.logs.length] }),
    table<LogRow>(
      t("logs"),
      [
        { title: t("host"), cell: ({ host }) => h("code", null, host), sortBy: ({ host }) => host },
        {
          title: t("name"),
          cell: (row) => h("a", { href: addressOf(placeOfLog(row)) }, row.name),
          sortBy: ({ name }) => name,
        },
        { title: t("size"), cell: ({ size }) => count(size), isNumber: true, sortBy: ({ size }) => size },
        {
          title: t("changed"),
          cell: ({ modifiedMs }) => new Date(modifiedMs).toLocaleString("en-GB"),
          sortBy: ({ modifiedMs }) => modifiedMs,
        },
      ],
      [...shown].sort((a, b) => b.modifiedMs - a.modifiedMs),
      ({ host, name }) => `${host} ${name}`,
    ),
  );
}

interface LogShown {
  readonly t: Words;
  readonly host: string;
  readonly kind: "daemon" | "worker";
  readonly name: string;
}

export function logView({ t, host, kind, name }: LogShown): View {
  const [start, setStart] = useState<number | null>(null);
  const [wanted, setWanted] = useState("");
  const [matches, setMatches] = useState<readonly LogMatch[] | null>(null);
  const [said, setSaid] = useState("");
  const file = `file=${encodeURIComponent(name)}&host=${encodeURIComponent(host)}`;
  const shown = useLog(`${kind === "daemon" ? "daemonlog" : "log"}?${file}&length=${shownBytes}`, start);
  const find = (event: SubmitEvent): void => {
    event.preventDefault();
    const daemon = kind === "daemon" ? "&is-daemon=yes" : "";
    const path = `search?${file}${daemon}&num-matches=${matchesShown}&search-string=${encodeURIComponent(wanted)}`;
    ask<{ matches: readonly LogMatch[] }>(path)
      .then(({ matches: found }) => {
        setMatches(found);
        setSaid(t("found", { count: found.length }));
      })
      .catch((error: unknown) =>
        setSaid(t("refused", { why: error instanceof Error ? error.message : String(error) })),
      );
  };
  return h(
    "div",
    null,
    heading(`${host} › ${name}`),
    h(
      "form",
      { class: "actions", onSubmit: find },
      search(t, wanted, setWanted),
      h("button", { type: "submit" }, t("find")),
      h("button", { type: "button", "aria-pressed": `${start === null}`, onClick: () => setStart(null) }, t("follow")),
      h("a", { href: `/api/v1/${kind === "daemon" ? "daemon" : ""}download?${file}`, download: "" }, t("download")),
      h("span", { role: "status", class: "note" }, said),
    ),
    matches === null ? null : matchList(t, matches, (offset) => setStart(Math.max(0, offset - shownBytes / 2))),
    "failure" in shown ? waiting(t, shown.failure) : logText(t, shown),
  );
}

export function placeOfLog({ host, name, isDaemon }: Pick<LogRow, "host" | "name" | "isDaemon">) {
  return { view: "log", host, kind: isDaemon ? "daemon" : "worker", name } as const;
}

/** The end of the log, again and again; or the part from `start` on, once. */
function useLog(path: string, start: number | null): LogText | { readonly failure: string | null } {
  const [shown, setShown] = useState<LogText | { readonly failure: string | null }>({ failure: null });
  useEffect(() => {
    let timer = 0;
    let isOver = false;
    const read = async (): Promise<void> => {
      try {
        const text = await readLog(start === null ? path : `${path}&start=${start}`);
        if (!isOver) setShown(text);
      } catch (error) {
        if (!isOver) setShown({ failure: error instanceof Error ? error.message : String(error) });
      }
      if (!isOver && start === null) timer = window.setTimeout(() => void read(), tailEveryMs);
    };
    void read();
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [path, start]);
  return shown;
}

/** Cut at the start of a line: the first one is rarely whole. */
function logText(t: Words, { text, start, size }: LogText): View {
  const whole = start === 0 ? text : text.slice(text.indexOf("\n") + 1);
  const part = t("partOfLog", {
    start: count(start),
    end: count(Math.min(size, start + shownBytes)),
    size: count(size),
  });
  return h(
    "div",
    null,
    h("p", { class: "note" }, part),
    h(
      "pre",
      { class: "log", tabindex: 0 },
      whole.split("\n").map((line, index) => h("span", { key: `${index}`, class: levelOf(line) }, `${line}\n`)),
    ),
  );
}

function levelOf(line: string): string {
  if (/ (ERROR|FATAL) /.test(line)) return "bad";
  return / WARN /.test(line) ? "warn" : "";
}

function matchList(t: Words, matches: readonly LogMatch[], go: (offset: number) => void): View {
  return h(
    "ol",
    { class: "happenings" },
    matches.map(({ byteOffset, beforeString, matchString, afterString }) =>
      h(
        "li",
        { key: `${byteOffset}` },
        h(
          "button",
          { type: "button", class: "link", onClick: () => go(byteOffset) },
          t("atByte", { at: count(byteOffset) }),
        ),
        " ",
        lastLine(beforeString),
        h("mark", null, matchString),
        afterString.split("\n")[0],
      ),
    ),
  );
}

function lastLine(text: string): string {
  return text.split("\n").at(-1) ?? "";
}

/** What has happened, newest first, and who led when. */
import type { Happening, Place } from "../api-types.ts";
import type { Live } from "../client.ts";
import { heading } from "../pieces.ts";
import { h, part, still, useGrowing, useState, type View } from "../view.ts";
import { isWord, type Words } from "../words.ts";

export function eventsView({ t, live }: { readonly t: Words; readonly live: Live }): View {
  const [kind, setKind] = useState("");
  const kinds = [...new Set(live.happenings.map(({ event }) => event))].sort();
  const shown = live.happenings.filter(({ event }) => kind === "" || event === kind);
  return h(
    "div",
    null,
    heading(t("elections")),
    elections(t, live),
    heading(t("happened")),
    h(
      "select",
      {
        "aria-label": t("happened"),
        value: kind,
        onChange: (event: Event) => setKind((event.target as HTMLSelectElement).value),
      },
      h("option", { value: "" }, t("all")),
      kinds.map((each) => h("option", { key: each, value: each }, each)),
    ),
    happeningList(t, shown),
  );
}

interface Listed {
  readonly t: Words;
  readonly happenings: readonly Happening[];
}

export function happeningList(t: Words, happenings: readonly Happening[]): View {
  return part(list, { t, happenings });
}

function list({ t, happenings }: Listed): View {
  const drawn = useGrowing(happenings.length);
  if (happenings.length === 0) return h("p", { class: "note" }, t("nothingHappened"));
  return h(
    "ol",
    { class: "happenings" },
    happenings.slice(0, drawn).map((each) => part(item, { t, happening: each }, `${each.seq} ${each.atMs}`)),
  );
}

const item = still(({ t, happening }: { readonly t: Words; readonly happening: Happening }) =>
  h(
    "li",
    { class: `happening ${toneOf(happening.event)}` },
    h("time", { datetime: new Date(happening.atMs).toISOString() }, clock(happening.atMs)),
    " ",
    inWords(t, happening),
  ),
);

function inWords(t: Words, happening: Happening): string {
  const {
    event,
    id = "",
    name = id.replace(/-\d+-\d+$/, ""),
    host = "",
    port = 0,
    place,
    given = [],
    taken = [],
  } = happening;
  if (!isWord(event)) return event;
  return t(event, {
    name,
    host,
    slots: happening.slots ?? 0,
    from: happening.from ?? "",
    status: happening.status ?? "",
    component: happening.component ?? "",
    error: happening.error ?? "",
    values: happening.values ?? "",
    given: given.length,
    taken: taken.length,
    place: place ? textOf(place) : textOf({ host, port }),
  });
}

/** Each reign as a bar: from its election to its end, or until now. */
function elections(t: Words, { happenings, picture }: Live): View {
  const changes = happenings.filter(({ event }) => event === "leader-elected" || event === "leader-lost");
  const reigns = reignsOf([...changes].reverse());
  const leader = picture.leader === null ? t("none") : textOf(picture.leader);
  if (reigns.length === 0)
    return h(
      "ol",
      { class: "reigns" },
      h("li", null, h("span", { class: "reign" }, leader), ` ${t("sincePageOpened")}`),
    );
  return h(
    "ol",
    { class: "reigns" },
    reigns.map(({ who, fromMs, toMs }) =>
      h(
        "li",
        { key: `${fromMs}` },
        h("span", { class: toMs === null ? "reign" : "reign over" }, who),
        ` ${clock(fromMs)} – ${toMs === null ? "" : clock(toMs)}`,
      ),
    ),
  );
}

interface Reign {
  readonly who: string;
  readonly fromMs: number;
  readonly toMs: number | null;
}

function reignsOf(oldestFirst: readonly Happening[]): Reign[] {
  const reigns: Reign[] = [];
  for (const { event, atMs, host = "", port = 0 } of oldestFirst) {
    const who = textOf({ host, port });
    const last = reigns.at(-1);
    if (event === "leader-elected") reigns.push({ who, fromMs: atMs, toMs: null });
    else if (last?.who === who && last.toMs === null) reigns[reigns.length - 1] = { ...last, toMs: atMs };
  }
  return reigns.reverse();
}

function toneOf(event: string): string {
  if (event === "error" || event.endsWith("-lost") || event === "worker-ended") return "bad";
  return ["topology-status", "topology-scheduled", "tuple-sampled"].includes(event) ? "" : "good";
}

function textOf({ host, port }: Place): string {
  return `${host}:${port}`;
}

/** Made once: a formatter costs more than what it formats. */
const timeOfDay = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

function clock(atMs: number): string {
  return timeOfDay.format(atMs);
}

/** The cluster: who is there, which slots work for whom, what has just happened. */
import type { ClusterSummary, Member, Nimbus, Picture, Supervisor, TopologySummary } from "../api-types.ts";
import { type Live, useAnswer } from "../client.ts";
import { badge, count, heading, search, statusBadge, table, waiting } from "../pieces.ts";
import { addressOf } from "../route.ts";
import { h, part, useState, type View } from "../view.ts";
import type { Words } from "../words.ts";
import { happeningList } from "./events.ts";

interface Shown {
  readonly t: Words;
  readonly live: Live;
}

const everyMs = 2000;
/** Above so many rows they can be searched. */
const searchableFrom = 10;
const newestMax = 8;

export function clusterView({ t, live }: Shown): View {
  const { value: summary, failure } = useAnswer<ClusterSummary>("cluster/summary", everyMs);
  const supervisors = useAnswer<{ supervisors: readonly Supervisor[] }>("supervisor/summary", everyMs).value
    ?.supervisors;
  const nimbuses = useAnswer<{ nimbuses: readonly Nimbus[] }>("nimbus/summary", everyMs).value?.nimbuses;
  const members = useAnswer<{ members: readonly Member[] }>("storm-lab/ensemble", everyMs).value?.members;
  const topologies = useAnswer<{ topologies: readonly TopologySummary[] }>("topology/summary", everyMs).value
    ?.topologies;
  if (summary === null) return waiting(t, failure);
  return h(
    "div",
    null,
    failure === null ? null : waiting(t, failure),
    tiles(t, summary, live.picture),
    h(
      "div",
      { class: "columns" },
      h(
        "section",
        null,
        heading(t("nodes")),
        part(nodes, { t, supervisors: supervisors ?? [], picture: live.picture }),
      ),
      h(
        "section",
        null,
        heading(t("nimbus")),
        nimbusList(t, nimbuses ?? []),
        heading(t("zookeeper")),
        ensemble(t, members ?? []),
      ),
    ),
    h("section", null, part(topologyTable, { t, topologies: topologies ?? [] })),
    h("section", null, heading(t("happened")), happeningList(t, live.happenings.slice(0, newestMax))),
  );
}

/** Slots are used from the assignment on; nimbus counts them a heartbeat later. */
function tiles(t: Words, summary: ClusterSummary, { topologies }: Picture): View {
  const used = topologies.reduce((sum, { slots }) => sum + slots.length, 0);
  const tile = (word: string, value: string) => h("div", { class: "tile" }, h("dt", null, word), h("dd", null, value));
  return h(
    "dl",
    { class: "tiles" },
    tile(t("supervisors"), count(summary.supervisors)),
    tile(t("slots"), `${count(used)} / ${count(summary.slotsTotal)}`),
    tile(t("topologies"), count(summary.topologies)),
    tile(t("executors"), count(summary.executorsTotal)),
    tile(t("tasks"), count(summary.tasksTotal)),
  );
}

interface NodesShown {
  readonly t: Words;
  readonly supervisors: readonly Supervisor[];
  readonly picture: Picture;
}

function nodes({ t, supervisors, picture }: NodesShown): View {
  const [wanted, setWanted] = useState("");
  const shown = supervisors.filter(({ host }) => host.includes(wanted)).sort((a, b) => (a.host < b.host ? -1 : 1));
  const slots = slotsByHost(picture);
  return h(
    "div",
    null,
    supervisors.length > searchableFrom ? search(t, wanted, setWanted) : null,
    h(
      "ul",
      { class: "nodes" },
      shown.map((supervisor) =>
        h(
          "li",
          { key: supervisor.id, class: "node" },
          h("h3", null, supervisor.host),
          supervisor.blacklisted ? badge("bad", t("blacklisted")) : null,
          h(
            "p",
            { class: "note" },
            t("slotsUsed", { used: slots.get(supervisor.host)?.length ?? 0, total: supervisor.slotsTotal }),
          ),
          slotSquares(t, supervisor, slots.get(supervisor.host) ?? []),
        ),
      ),
    ),
  );
}

interface UsedSlot {
  readonly port: number;
  readonly name: string;
  readonly id: string;
  readonly isBeating: boolean;
  readonly colour: number;
}

/** One pass over the picture, however many nodes there are. */
function slotsByHost({ topologies }: Picture): Map<string, UsedSlot[]> {
  const byHost = new Map<string, UsedSlot[]>();
  for (const [index, { id, name, slots, beating }] of topologies.entries()) {
    const alive = new Set(beating.map(({ host, port }) => `${host} ${port}`));
    for (const { host, port } of slots) {
      const slot = { port, name, id, isBeating: alive.has(`${host} ${port}`), colour: index % colours };
      byHost.set(host, [...(byHost.get(host) ?? []), slot]);
    }
  }
  return byHost;
}

const colours = 8;

function slotSquares(t: Words, { slotsTotal }: Supervisor, used: readonly UsedSlot[]): View {
  const free = Math.max(0, slotsTotal - used.length);
  return h(
    "ul",
    { class: "slots" },
    [...used]
      .sort((a, b) => a.port - b.port)
      .map(({ port, name, id, isBeating, colour }) => {
        const label = t(isBeating ? "slotUsed" : "slotDead", { port, name });
        const kind = isBeating ? `used c${colour}` : "dead";
        const mark = isBeating ? name.slice(0, 2) : "×";
        const link = { href: addressOf({ view: "topology", id }), class: `slot ${kind}`, title: label };
        const hidden = h("span", { class: "unseen" }, label);
        return h("li", { key: `${port}` }, h("a", link, h("span", { "aria-hidden": "true" }, mark), hidden));
      }),
    Array.from({ length: free }, (_, index) =>
      h(
        "li",
        { key: `free${index}` },
        h("span", { class: "slot free", title: t("slotFree"), role: "img", "aria-label": t("slotFree") }),
      ),
    ),
  );
}

function nimbusList(t: Words, nimbuses: readonly Nimbus[]): View {
  return h(
    "ul",
    { class: "plain" },
    nimbuses.map(({ host, port, status, nimbusUpTime }) =>
      h(
        "li",
        { key: `${host}:${port}` },
        h("code", null, `${host}:${port}`),
        " ",
        status === "Leader"
          ? badge("good", t("leads"))
          : status === "Offline"
            ? badge("bad", t("offline"))
            : badge("idle", t("ready")),
        h("span", { class: "note" }, ` ${nimbusUpTime}`),
      ),
    ),
  );
}

function ensemble(t: Words, members: readonly Member[]): View {
  return h(
    "ul",
    { class: "plain" },
    members.map(({ server, mode, zxid }) =>
      h(
        "li",
        { key: server },
        h("code", null, server),
        " ",
        mode === "leader" || mode === "standalone"
          ? badge("good", mode)
          : mode === "follower" || mode === "observer"
            ? badge("idle", mode)
            : badge("bad", t("offline")),
        zxid === null ? null : h("span", { class: "note" }, ` zxid ${zxid}`),
      ),
    ),
  );
}

function topologyTable({
  t,
  topologies,
}: {
  readonly t: Words;
  readonly topologies: readonly TopologySummary[];
}): View {
  const [wanted, setWanted] = useState("");
  if (topologies.length === 0)
    return h("div", null, heading(t("topologies")), h("p", { class: "note" }, t("noTopologies")));
  const shown = topologies.filter(({ name, id }) => name.includes(wanted) || id.includes(wanted));
  return h(
    "div",
    null,
    topologies.length > searchableFrom ? search(t, wanted, setWanted) : null,
    table(
      t("topologies"),
      [
        { title: t("name"), cell: ({ id, name }) => h("a", { href: addressOf({ view: "topology", id }) }, name) },
        { title: t("status"), cell: ({ status }) => statusBadge(status) },
        { title: t("uptime"), cell: ({ uptime }) => uptime },
        { title: t("workers"), cell: ({ workersTotal }) => count(workersTotal), isNumber: true },
        { title: t("executors"), cell: ({ executorsTotal }) => count(executorsTotal), isNumber: true },
        { title: t("tasks"), cell: ({ tasksTotal }) => count(tasksTotal), isNumber: true },
        { title: t("scheduling"), cell: ({ schedulerInfo }) => schedulerInfo ?? "" },
      ],
      shown,
      ({ id }) => id,
    ),
  );
}

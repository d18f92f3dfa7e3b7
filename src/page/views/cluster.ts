/** The cluster: who is there, which slots work for whom, what has just happened. Each section asks for itself and is drawn by itself. */
import type { ClusterSummary, Member, Nimbus, Picture, TopologySummary } from "../api-types.ts";
import { type Live, useAnswer } from "../client.ts";
import { badge, count, has, heading, search, statusBadge, waiting } from "../pieces.ts";
import { addressOf } from "../route.ts";
import { type Column, inOrder, table } from "../table.ts";
import { h, part, still, useMemo, useState, type View } from "../view.ts";
import type { Words } from "../words.ts";
import { happeningList } from "./events.ts";
import { nodes } from "./nodes.ts";

interface Shown {
  readonly t: Words;
  readonly live: Live;
}

interface Spoken {
  readonly t: Words;
}

const everyMs = 2000;
/** Above so many rows they can be searched. */
const searchableFrom = 10;
const newestMax = 8;

export function clusterView({ t, live: { picture, happenings } }: Shown): View {
  return h(
    "div",
    null,
    part(tiles, { t, picture }),
    h(
      "div",
      { class: "columns" },
      h("section", null, heading(t("nodes")), part(nodes, { t, picture })),
      h("section", null, heading(t("nimbus")), part(nimbusList, { t }), heading(t("zookeeper")), part(ensemble, { t })),
    ),
    h("section", null, part(topologyTable, { t })),
    h("section", null, heading(t("happened")), happeningList(t, happenings.slice(0, newestMax))),
  );
}

/** Slots are used from the assignment on; nimbus counts them a heartbeat later. */
function tiles({ t, picture: { topologies } }: { readonly t: Words; readonly picture: Picture }): View {
  const { value: summary, failure } = useAnswer<ClusterSummary>("cluster/summary", everyMs);
  if (summary === null) return waiting(t, failure);
  const used = topologies.reduce((sum, { slots }) => sum + slots.length, 0);
  const tile = (word: string, value: string) => h("div", { class: "tile" }, h("dt", null, word), h("dd", null, value));
  return h(
    "div",
    null,
    failure === null ? null : waiting(t, failure),
    h(
      "dl",
      { class: "tiles" },
      tile(t("supervisors"), count(summary.supervisors)),
      tile(t("slots"), `${count(used)} / ${count(summary.slotsTotal)}`),
      tile(t("topologies"), count(summary.topologies)),
      tile(t("executors"), count(summary.executorsTotal)),
      tile(t("tasks"), count(summary.tasksTotal)),
    ),
  );
}

const nimbusList = still(({ t }: Spoken) => {
  const nimbuses = useAnswer<{ nimbuses: readonly Nimbus[] }>("nimbus/summary", everyMs).value?.nimbuses ?? [];
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
});

const ensemble = still(({ t }: Spoken) => {
  const members = useAnswer<{ members: readonly Member[] }>("storm-lab/ensemble", everyMs).value?.members ?? [];
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
});

const topologyTable = still(({ t }: Spoken) => {
  const [wanted, setWanted] = useState("");
  const { value } = useAnswer<{ topologies: readonly TopologySummary[] }>("topology/summary", everyMs);
  const columns = useMemo(() => topologyColumns(t), [t]);
  const topologies = value?.topologies ?? [];
  if (topologies.length === 0)
    return h(
      "div",
      null,
      heading(t("topologies")),
      value === null ? null : h("p", { class: "note" }, t("noTopologies")),
    );
  const shown = topologies.filter(({ name, id, status }) => has(wanted, name, id, status));
  const found = [shown.length, topologies.length] as const;
  return h(
    "div",
    null,
    topologies.length > searchableFrom ? search(t, wanted, setWanted, { what: t("topologies"), found }) : null,
    table(
      t("topologies"),
      columns,
      shown.sort((a, b) => inOrder(a.name, b.name)),
      ({ id }) => id,
    ),
  );
});

function topologyColumns(t: Words): Column<TopologySummary>[] {
  const number = (title: string, of: (row: TopologySummary) => number): Column<TopologySummary> => ({
    title,
    cell: (row) => count(of(row)),
    isNumber: true,
    sortBy: of,
  });
  const link = ({ id, name }: TopologySummary) => h("a", { href: addressOf({ view: "topology", id }) }, name);
  return [
    { title: t("name"), cell: link, sortBy: ({ name }) => name },
    { title: t("status"), cell: ({ status }) => statusBadge(status), sortBy: ({ status }) => status },
    { title: t("uptime"), cell: ({ uptime }) => uptime, sortBy: ({ uptimeSeconds }) => uptimeSeconds },
    number(t("workers"), ({ workersTotal }) => workersTotal),
    number(t("executors"), ({ executorsTotal }) => executorsTotal),
    number(t("tasks"), ({ tasksTotal }) => tasksTotal),
    { title: t("scheduling"), cell: ({ schedulerInfo }) => schedulerInfo ?? "" },
  ];
}

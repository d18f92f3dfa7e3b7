/** The nodes of a cluster, a square for each of their slots. */
import type { Picture, Supervisor } from "../api-types.ts";
import { useAnswer } from "../client.ts";
import { badge, has, search } from "../pieces.ts";
import { addressOf } from "../route.ts";
import { inOrder } from "../table.ts";
import { h, part, still, useGrowing, useState, type View } from "../view.ts";
import type { Words } from "../words.ts";

interface Shown {
  readonly t: Words;
  readonly picture: Picture;
}

const everyMs = 2000;
/** Above so many they can be searched. */
const searchableFrom = 10;
/** Above so many they scroll in a box of their own, so that what comes below is not far away. */
const boxedFrom = 24;

export function nodes({ t, picture }: Shown): View {
  const [wanted, setWanted] = useState("");
  const { value } = useAnswer<{ supervisors: readonly Supervisor[] }>("supervisor/summary", everyMs);
  const supervisors = value?.supervisors ?? [];
  const slots = slotsByHost(picture);
  const usedOf = ({ host }: Supervisor) => slots.get(host) ?? [];
  const shown = supervisors
    .filter((each) => has(wanted, each.host, ...usedOf(each).map(({ name }) => name)))
    .sort((a, b) => inOrder(a.host, b.host));
  const drawn = useGrowing(shown.length);
  const sought = { what: t("nodesAndTopologies"), found: [shown.length, supervisors.length] as const };
  const isBoxed = supervisors.length > boxedFrom;
  const box = isBoxed ? { class: "nodes boxed", tabindex: 0, "aria-label": t("nodes") } : { class: "nodes" };
  return h(
    "div",
    null,
    supervisors.length > searchableFrom ? search(t, wanted, setWanted, sought) : null,
    h(
      "ul",
      box,
      shown.slice(0, drawn).map((each) => {
        const { id, host, slotsTotal, blacklisted } = each;
        return part(node, { t, host, slotsTotal, blacklisted, used: usedOf(each) }, id);
      }),
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

interface Node {
  readonly t: Words;
  readonly host: string;
  readonly slotsTotal: number;
  readonly blacklisted: boolean;
  readonly used: readonly UsedSlot[];
}

const node = still(
  ({ t, host, slotsTotal, blacklisted, used }: Node) =>
    h(
      "li",
      { class: "node" },
      h("h3", null, host),
      blacklisted ? badge("bad", t("blacklisted")) : null,
      h("p", { class: "note" }, t("slotsUsed", { used: used.length, total: slotsTotal })),
      slotSquares(t, slotsTotal, used),
    ),
  ["used"],
);

function slotSquares(t: Words, slotsTotal: number, used: readonly UsedSlot[]): View {
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

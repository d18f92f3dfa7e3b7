/** Follow a tuple: pick one that a spout has emitted, and see its tree grow and be acked. */
import type { TopologyPage, TupleTree } from "../api-types.ts";
import { act, inPath, useAnswer } from "../client.ts";
import { badge, heading } from "../pieces.ts";
import { table } from "../table.ts";
import { rowsOf, sinceStart, type TupleRow } from "../tuple-rows.ts";
import { h, useState, type View } from "../view.ts";
import type { Words } from "../words.ts";

const everyMs = 1000;
/** In the list to pick from. */
const listedMax = 12;

export function tuplesView({ t, page }: { readonly t: Words; readonly page: TopologyPage }): View {
  const [chosen, setChosen] = useState<TupleTree | null>(null);
  const [said, setSaid] = useState("");
  const path = `topology/${inPath(page.id)}`;
  const asked = useAnswer<{ trees: readonly TupleTree[] }>(page.debug ? `storm-lab/${path}/tuples` : null, everyMs);
  const trees = asked.value?.trees ?? [];
  const shown = trees.find(({ root }) => root === chosen?.root) ?? chosen;
  const change = (action: "enable" | "disable", percent: number): void => {
    act(`${path}/debug/${action}/${percent}`)
      .then(() => setSaid(""))
      .catch((error: unknown) =>
        setSaid(t("refused", { why: error instanceof Error ? error.message : String(error) })),
      );
  };
  return h(
    "section",
    { class: "followed" },
    heading(t("followTuple")),
    h("p", { class: "note" }, t("followNote")),
    h(
      "div",
      { class: "actions" },
      page.debug
        ? h("button", { type: "button", onClick: () => change("disable", 0) }, t("followStop"))
        : h("button", { type: "button", onClick: () => change("enable", 100) }, t("followStart")),
      h("span", { role: "status", class: "note" }, said || (page.debug && trees.length === 0 ? t("followWaits") : "")),
    ),
    trees.length === 0 ? null : pick(t, trees, shown, setChosen),
    shown === null ? null : treeOf(t, shown),
  );
}

function pick(t: Words, trees: readonly TupleTree[], shown: TupleTree | null, choose: (tree: TupleTree) => void): View {
  return h(
    "ul",
    { class: "happenings", "aria-label": t("followPick") },
    trees.slice(0, listedMax).map((tree) =>
      h(
        "li",
        { key: tree.root },
        h(
          "button",
          {
            type: "button",
            class: "link",
            "aria-pressed": `${tree.root === shown?.root}`,
            onClick: () => choose(tree),
          },
          tree.tuples[0]?.values ?? tree.messageId,
        ),
        " ",
        stateOf(t, tree),
      ),
    ),
  );
}

function stateOf(t: Words, tree: TupleTree): View {
  if (tree.end === "completed") return badge("good", `${t("acked")} ${sinceStart(tree, tree.endMs)}`);
  if (tree.end === "given-up") return badge("bad", `${t("failed")} ${sinceStart(tree, tree.endMs)}`);
  return badge("idle", t("underWay"));
}

function treeOf(t: Words, tree: TupleTree): View {
  return h(
    "div",
    { "aria-live": "polite" },
    h(
      "p",
      null,
      h("strong", null, tree.component),
      ` ${t("task", { task: tree.task })} · `,
      h("code", null, tree.worker),
      ` · ${t("messageId")} `,
      h("code", null, tree.messageId),
      " · ",
      h("code", null, tree.root),
      " ",
      stateOf(t, tree),
    ),
    table<TupleRow>(
      t("tupleTree"),
      [
        { title: t("tuple"), cell: (row) => tupleCell(t, row) },
        { title: t("goesTo"), cell: ({ tuple }) => `${tuple.toComponent} ${tuple.toTask}` },
        { title: t("worker"), cell: ({ tuple }) => h("code", null, tuple.worker ?? "–") },
        { title: t("emitted"), cell: ({ tuple }) => sinceStart(tree, tuple.emittedMs), isNumber: true },
        { title: t("executed"), cell: ({ tuple }) => sinceStart(tree, tuple.executedMs), isNumber: true },
        { title: t("acked"), cell: ({ tuple }) => settledCell(t, tree, tuple), isNumber: true },
      ],
      rowsOf(tree),
      ({ tuple }) => tuple.id,
    ),
  );
}

function tupleCell(t: Words, { tuple, depth, isJoined }: TupleRow): View {
  return h(
    "span",
    { class: "branch", style: `--depth: ${depth}` },
    depth === 0 ? null : h("span", { "aria-hidden": "true" }, "└ "),
    h("code", null, tuple.values),
    isJoined ? ` ${t("joined", { count: tuple.anchors.length })}` : "",
  );
}

function settledCell(t: Words, tree: TupleTree, { settled, settledMs }: TupleTree["tuples"][number]): View {
  if (settled === null) return badge("idle", "–");
  return badge(settled === "acked" ? "good" : "bad", `${t(settled)} ${sinceStart(tree, settledMs)}`);
}

/** ZooKeeper's tree, a node at a time; what is shown changes when one of its watches fires, and says so. */
import type { Znode } from "../api-types.ts";
import { badge, heading, waiting } from "../pieces.ts";
import { addressOf } from "../route.ts";
import { table } from "../table.ts";
import { h, useEffect, useState, type View } from "../view.ts";
import type { Words } from "../words.ts";

interface Firing {
  readonly atMs: number;
  readonly what: string;
}

interface Watched {
  /** Undefined: nothing was heard yet; null: there is no such node. */
  readonly znode: Znode | null | undefined;
  /** Newest first. */
  readonly firings: readonly Firing[];
}

const firingsMax = 20;

export function zookeeperView({ t, path }: { readonly t: Words; readonly path: string }): View {
  const { znode, firings } = useZnode(t, path);
  return h(
    "div",
    null,
    h("h2", { class: "title" }, ...crumbs(path)),
    znode === undefined
      ? waiting(t, null)
      : znode === null
        ? h("p", { class: "note" }, t("noZnode"))
        : znodeView(t, znode),
    heading(t("watches")),
    firings.length === 0
      ? h("p", { class: "note" }, t("noWatchFired"))
      : h(
          "ol",
          { class: "happenings", "aria-live": "polite" },
          firings.map(({ atMs, what }) =>
            h(
              "li",
              { key: `${atMs} ${what}` },
              h("time", null, new Date(atMs).toLocaleTimeString("en-GB")),
              ` ${what}`,
            ),
          ),
        ),
  );
}

/** From the root on, each step a link. */
function crumbs(path: string): View[] {
  const steps = path.split("/").filter((step) => step !== "");
  const link = (to: string, text: string) => h("a", { href: addressOf({ view: "zookeeper", path: to }) }, text);
  return [
    link("/", "/"),
    ...steps.flatMap((step, index) => [
      index === 0 ? " " : " / ",
      link(`/${steps.slice(0, index + 1).join("/")}`, step),
    ]),
  ];
}

function znodeView(t: Words, { path, children, encoding, data, stat }: Znode): View {
  const below = (child: string) => (path === "/" ? `/${child}` : `${path}/${child}`);
  const text = typeof data === "string" ? data : JSON.stringify(data, null, 2);
  const isEphemeral = stat.ephemeralOwner !== "0x0";
  return h(
    "div",
    { class: "columns" },
    h(
      "section",
      null,
      heading(t("children")),
      children.length === 0
        ? h("p", { class: "note" }, t("none"))
        : h(
            "ul",
            { class: "plain" },
            children.map((child) =>
              h("li", { key: child }, h("a", { href: addressOf({ view: "zookeeper", path: below(child) }) }, child)),
            ),
          ),
    ),
    h(
      "section",
      null,
      heading(t("data")),
      h("p", { class: "note" }, encoding, " ", isEphemeral ? badge("good", t("ephemeral")) : null),
      data === null ? null : h("pre", { class: "log", tabindex: 0 }, text),
      table(
        t("stat"),
        [
          { title: t("key"), cell: ([key]) => h("code", null, key) },
          { title: t("value"), cell: ([, value]) => h("code", null, `${value}`) },
        ],
        Object.entries(stat),
        ([key]) => key,
      ),
    ),
  );
}

function useZnode(t: Words, path: string): Watched {
  const [watched, setWatched] = useState<Watched>({ znode: undefined, firings: [] });
  useEffect(() => {
    setWatched({ znode: undefined, firings: [] });
    const source = new EventSource(`/api/v1/storm-lab/znode-changes?path=${encodeURIComponent(path)}`);
    source.addEventListener("znode", (event) => {
      const znode = JSON.parse((event as MessageEvent<string>).data) as Znode | null;
      setWatched(({ znode: before, firings }) => {
        const what = before === undefined ? null : changeOf(t, before, znode);
        return {
          znode,
          firings: what === null ? firings : [{ atMs: Date.now(), what }, ...firings].slice(0, firingsMax),
        };
      });
    });
    return () => source.close();
  }, [path]);
  return watched;
}

/** In ZooKeeper's words for what a watch tells; null: the same. */
function changeOf(t: Words, before: Znode | null, after: Znode | null): string | null {
  if (before === null) return after === null ? null : "NodeCreated";
  if (after === null) return "NodeDeleted";
  const came = after.children.filter((child) => !before.children.includes(child));
  const went = before.children.filter((child) => !after.children.includes(child));
  if (came.length + went.length > 0)
    return `NodeChildrenChanged ${[...came.map((child) => `+${child}`), ...went.map((child) => `−${child}`)].join(" ")}`;
  if (after.stat.mzxid !== before.stat.mzxid) return `NodeDataChanged ${t("version")} ${after.stat.version}`;
  return null;
}

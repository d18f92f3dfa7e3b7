/** The page: its frame, and the view that its address names. It talks to the ui daemon by HTTP only. */
import { type Live, useLive } from "./client.ts";
import { badge } from "./pieces.ts";
import { addressOf, type Place, placeOf } from "./route.ts";
import { keepSettings, readSettings, type Settings, showSettings } from "./settings.ts";
import { h, part, render, useEffect, useMemo, useState, type View } from "./view.ts";
import { clusterView } from "./views/cluster.ts";
import { componentView } from "./views/component.ts";
import { configurationView } from "./views/configuration.ts";
import { drpcView } from "./views/drpc.ts";
import { eventsView } from "./views/events.ts";
import { logsView, logView } from "./views/logs.ts";
import { topologyView } from "./views/topology.ts";
import { zookeeperView } from "./views/zookeeper.ts";
import { type Words, wordsIn } from "./words.ts";

function frame(): View {
  const [settings, setSettings] = useState(readSettings);
  const [place, setPlace] = useState(() => placeOf(location.hash));
  const live = useLive();
  useEffect(() => {
    const follow = (): void => setPlace(placeOf(location.hash));
    addEventListener("hashchange", follow);
    addEventListener("keydown", toSearch);
    return () => {
      removeEventListener("hashchange", follow);
      removeEventListener("keydown", toSearch);
    };
  }, []);
  useEffect(() => {
    keepSettings(settings);
    showSettings(settings);
  }, [settings]);
  const t = useMemo(() => wordsIn(settings.language), [settings.language]);
  useEffect(() => {
    document.title = `${titleOf(t, place)} · storm-lab`;
  });
  return h(
    "div",
    null,
    h("a", { href: "#content", class: "skip", onClick: toContent }, t("skip")),
    header(t, place, live, settings, (change) => setSettings((before) => ({ ...before, ...change }))),
    h("main", { id: "content", tabindex: -1 }, viewOf(t, place, live)),
  );
}

function header(
  t: Words,
  place: Place,
  { isConnected }: Live,
  settings: Settings,
  change: (change: Partial<Settings>) => void,
): View {
  const link = (to: Place, text: string) =>
    h("a", { href: addressOf(to), ...(to.view === place.view ? { "aria-current": "page" } : {}) }, text);
  const { theme, projector, language } = settings;
  const isDark = theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  return h(
    "header",
    null,
    h("h1", null, h("a", { href: "#/" }, "storm-lab")),
    h(
      "nav",
      { "aria-label": "storm-lab" },
      link({ view: "cluster" }, t("cluster")),
      link({ view: "events" }, t("events")),
      link({ view: "zookeeper", path: "/" }, t("zookeeper")),
      link({ view: "drpc" }, t("drpc")),
      link({ view: "logs" }, t("logs")),
      link({ view: "configuration" }, t("configuration")),
    ),
    h(
      "span",
      { role: "status", class: "live" },
      isConnected ? badge("good", t("connected")) : badge("bad", t("disconnected")),
    ),
    h(
      "div",
      { class: "settings" },
      h(
        "button",
        { type: "button", onClick: () => change({ theme: isDark ? "light" : "dark" }) },
        t(isDark ? "light" : "dark"),
      ),
      h(
        "button",
        { type: "button", "aria-pressed": `${projector}`, onClick: () => change({ projector: !projector }) },
        t("projector"),
      ),
      h(
        "button",
        {
          type: "button",
          lang: language === "en" ? "zh-CN" : "en",
          onClick: () => change({ language: language === "en" ? "zh" : "en" }),
        },
        t("language"),
      ),
    ),
  );
}

function viewOf(t: Words, place: Place, live: Live): View {
  switch (place.view) {
    case "topology":
      return part(topologyView, { t, id: place.id }, place.id);
    case "component":
      return part(componentView, { t, id: place.id, component: place.component }, `${place.id}/${place.component}`);
    case "events":
      return part(eventsView, { t, live });
    case "zookeeper":
      return part(zookeeperView, { t, path: place.path }, place.path);
    case "drpc":
      return part(drpcView, { t });
    case "logs":
      return part(logsView, { t });
    case "log":
      return part(logView, { t, host: place.host, kind: place.kind, name: place.name }, addressOf(place));
    case "configuration":
      return part(configurationView, { t });
    default:
      return part(clusterView, { t, live });
  }
}

function titleOf(t: Words, place: Place): string {
  if (place.view === "component") return place.component;
  if (place.view === "log") return place.name;
  return place.view === "topology" ? place.id : t(place.view);
}

/** The address is the view's: a link to a part of the page must not change it. */
function toContent(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

/** `/`, as on many pages, unless something is being written. */
function toSearch(event: KeyboardEvent): void {
  const isWriting = event.target instanceof HTMLElement && event.target.matches("input, select, textarea");
  const box = document.querySelector<HTMLInputElement>("main input[type=search]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isWriting || box === null) return;
  event.preventDefault();
  box.focus();
  box.select();
}

showSettings(readSettings());
const root = document.getElementById("root");
if (root !== null) render(part(frame, {}) as never, root);

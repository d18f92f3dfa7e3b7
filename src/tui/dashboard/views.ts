/** The views of the cluster as a whole. Pure. */
import { visiblePrint, visibleText } from "../../base/index.ts";
import type { UiHappening, UiPlace } from "../../client/index.ts";
import { type Line, type Span, type Style, span } from "../cells.ts";
import type { ClusterModel } from "./model.ts";
import type { UiState } from "./state.ts";
import { cell, type Row, type View, type Words } from "./view.ts";

const znodeLines = 200;
/** Of a znode's stat. */
const statShown = ["version", "numChildren", "dataLength", "ephemeralOwner"];

export function overviewView(model: ClusterModel, say: Words): View {
  const { picture, supervisors, members, nodes } = model;
  const hosts = new Set([
    ...nodes.map(({ host }) => host),
    ...picture.nimbuses.map(({ host }) => host),
    ...picture.supervisors.map(({ host }) => host),
    ...members.map(({ server }) => nodeHostOf(model, server)),
  ]);
  const rows = [...hosts].map((host): Row => {
    const node = nodes.find((each) => each.host === host)?.name;
    const supervised = picture.supervisors.filter((each) => each.host === host);
    const uptime = supervisors.find((each) => each.host === host)?.uptime ?? "";
    return {
      ...(node === undefined ? {} : { node }),
      cells: [
        cell(node ?? host, "bold"),
        nimbusCell(model, host, say),
        supervised.length === 0 ? cell("–", "dim") : cell(`● ${say("up")}${uptime === "" ? "" : ` ${uptime}`}`, "good"),
        memberCell(model, host),
        slotsCell(model, host),
      ],
    };
  });
  const total = picture.supervisors.reduce((sum, { slots }) => sum + slots, 0);
  const used = picture.topologies.reduce((sum, { slots }) => sum + slots.length, 0);
  const columns = [say("node"), "nimbus", "supervisor", "ZooKeeper", say("slots")].map((title, index) => ({
    title,
    isWide: index === 4,
  }));
  const topologies = picture.topologies.map((each): Line => {
    const [mark, style] = markOf(each.status, each.beating.length, each.slots.length);
    const workers = `${each.beating.length}/${each.slots.length} ${say("workers")}`;
    return [span(`  ${mark} ${visibleText(each.name)}`, style), span(`  ${each.status}  ${workers}`)];
  });
  const heading: Line = [span(say("topologies"), "bold")];
  const latest = model.happenings
    .slice(0, happeningsShown)
    .map((each): Line => [span("  "), ...happeningSpans(model, each, say)]);
  const more = topologies.length > topologiesShown ? [[span(`  … ${topologies.length - topologiesShown}`, "dim")]] : [];
  return {
    crumbs: [say("overview")],
    top: [[span(say("used", { used, total }))]],
    columns,
    rows,
    empty: say("noNode"),
    bottom: [
      heading,
      ...(topologies.length === 0 ? [[span(`  ${say("noTopology")}`, "dim")]] : topologies.slice(0, topologiesShown)),
      ...more,
      [span(say("events"), "bold")],
      ...latest,
    ],
  };
}

const topologiesShown = 5;
const happeningsShown = 30;

function nimbusCell({ picture: { nimbuses, leader } }: ClusterModel, host: string, say: Words): Span {
  if (!nimbuses.some((each) => each.host === host)) return cell("–", "dim");
  return leader?.host === host ? cell(`● ${say("leader")}`, "good") : cell(`○ ${say("standby")}`, "plain");
}

function memberCell(model: ClusterModel, host: string): Span {
  const here = model.members.filter(({ server }) => nodeHostOf(model, server) === host);
  if (here.length === 0) return cell("–", "dim");
  const text = here.map(({ mode }) => `${memberMark(mode)} ${mode}`).join(" ");
  return cell(text, here.some(({ mode }) => memberMark(mode) === "✗") ? "bad" : "good");
}

function memberMark(mode: string): string {
  if (mode === "leader" || mode === "standalone") return "●";
  return mode === "follower" || mode === "observer" ? "○" : "✗";
}

/** A mark for each slot: used and heard of, used and silent, free. */
function slotsCell({ picture }: ClusterModel, host: string): Span {
  const total = picture.supervisors.filter((each) => each.host === host).reduce((sum, { slots }) => sum + slots, 0);
  const marks = picture.topologies.flatMap(({ slots, beating }) =>
    slots
      .filter((slot) => slot.host === host)
      .map(({ port }) => (beating.some((each) => each.host === host && each.port === port) ? `■${port}` : `✗${port}`)),
  );
  const isBad = marks.some((mark) => mark.startsWith("✗"));
  const free = "□".repeat(Math.max(0, total - marks.length));
  return cell([...marks.sort(), free].join(" "), isBad ? "bad" : "plain");
}

/** Servers may all be asked at one address: their ports tell whose they are. */
function nodeHostOf({ nodes }: ClusterModel, server: string): string {
  const port = Number(/:(\d+)$/.exec(server)?.[1] ?? 0);
  const host = hostOf(server);
  return nodes.find(({ zooKeeperPorts }) => zooKeeperPorts.includes(port))?.host ?? host;
}

function hostOf(server: string): string {
  return server.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
}

export function markOf(status: string, beating: number, slots: number): [string, Style] {
  if (status !== "ACTIVE") return ["◐", "warn"];
  return beating < slots || slots === 0 ? ["✗", "bad"] : ["●", "good"];
}

export function topologiesView({ topologies, picture }: ClusterModel, say: Words): View {
  const titles = ["name", "status", "workers", "executors", "tasks", "uptime", "scheduling"] as const;
  const rows = (topologies ?? []).map((each): Row => {
    const seen = picture.topologies.find(({ id }) => id === each.id);
    const [beating, slots] = [seen?.beating.length ?? each.workersTotal, seen?.slots.length ?? each.workersTotal];
    const [mark, style] = markOf(each.status, beating, slots);
    return {
      target: { to: "topology", id: each.id },
      topology: each.name,
      cells: [
        cell(visibleText(each.name), "bold"),
        cell(`${mark} ${each.status}`, style),
        cell(`${beating}/${slots}`, beating < slots ? "bad" : "plain"),
        cell(each.executorsTotal),
        cell(each.tasksTotal),
        cell(each.uptime),
        cell(visibleText(each.schedulerInfo ?? ""), "dim"),
      ],
    };
  });
  return {
    crumbs: [say("topologies")],
    top: [],
    columns: titles.map((title, index) => ({
      title: say(title),
      ...(index >= 2 && index <= 4 ? { align: "right" as const } : {}),
      isWide: index === 6,
    })),
    rows,
    empty: topologies === null ? say("connecting") : say("noTopology"),
    bottom: [],
  };
}

export function zookeeperView({ members, znode }: ClusterModel, { znode: path }: UiState, say: Words): View {
  const top = members.map(({ server, mode, zxid, connections }): Line => {
    const mark = memberMark(mode);
    const facts = zxid === null ? "" : `   zxid ${zxid}   ${connections ?? 0} connections`;
    return [span(`${mark} ${server}  ${mode}`, mark === "✗" ? "bad" : "good"), span(facts, "dim")];
  });
  // A znode that was asked before the path changed is not shown under the new one.
  const here = znode?.path === path ? znode : undefined;
  const prefix = path === "/" ? "/" : `${path}/`;
  const children = (here?.children ?? []).map(
    (name): Row => ({ target: { to: "znode", path: `${prefix}${name}` }, cells: [cell(`${visibleText(name)}/`)] }),
  );
  const data = here === undefined || here.data === null || here.data === "" ? [] : dataLines(here.data);
  const stat = here === undefined ? "" : statShown.map((name) => `${name} ${here.stat[name] ?? "–"}`).join("   ");
  return {
    crumbs: ["ZooKeeper", visibleText(path)],
    top: [...top, [span(stat, "dim")]],
    columns: [{ title: `${say("znode")} ${visibleText(path)}`, isWide: true }],
    rows: [...children, ...data.map((line): Row => ({ cells: [cell(visibleText(line), "accent")] }))],
    empty: znode === null ? say("noZnode") : say("nothing"),
    bottom: [],
  };
}

function dataLines(data: unknown): string[] {
  const text = typeof data === "string" ? data : JSON.stringify(data, null, 2);
  return text.split("\n").slice(0, znodeLines);
}

export function logsView({ logs, logLines }: ClusterModel, { log }: UiState, say: Words): View {
  if (log !== null)
    return {
      crumbs: [say("logs"), log.host, log.name],
      top: [],
      columns: [{ title: `${log.host} ${log.name}`, isWide: true }],
      rows: logLines.map((line): Row => ({ cells: [cell(visibleText(visiblePrint(line)), logStyle(line))] })),
      empty: say("nothing"),
      bottom: [],
      isTail: true,
    };
  return {
    crumbs: [say("logs")],
    top: [],
    columns: [{ title: say("log"), isWide: true }, { title: say("node") }, { title: say("size"), align: "right" }],
    rows: logs.map(
      (each): Row => ({
        target: { to: "log", log: each },
        cells: [cell(visibleText(each.name)), cell(each.host), cell(each.size)],
      }),
    ),
    empty: say("nothing"),
    bottom: [],
  };
}

function logStyle(line: string): Style {
  return /\bERROR\b/.test(line) ? "bad" : /\bWARN\b/.test(line) ? "warn" : "plain";
}

/** What happened, and what was run from here, newest first. */
export function eventsView(model: ClusterModel, say: Words): View {
  const happened = model.happenings.map((each) => ({
    atMs: each.atMs,
    rows: [{ cells: [cell(clock(each.atMs), "dim"), ...oneCell(happeningSpans(model, each, say).slice(1))] } as Row],
  }));
  const run = model.commands.map(({ atMs, text, exitCode, output }) => {
    const end = exitCode === null ? say("running") : say("exited", { code: exitCode });
    const style = exitCode === null ? "warn" : exitCode === 0 ? "accent" : "bad";
    const said = output.map((line): Row => ({ cells: [cell(""), cell(`  ${visibleText(line)}`, "dim")] }));
    return { atMs, rows: [{ cells: [cell(clock(atMs), "dim"), cell(`$ ${text}   (${end})`, style)] } as Row, ...said] };
  });
  return {
    crumbs: [say("events")],
    top: [],
    columns: [{ title: say("time") }, { title: say("what"), isWide: true }],
    rows: [...happened, ...run].sort((a, b) => b.atMs - a.atMs).flatMap(({ rows }) => rows),
    empty: say("nothing"),
    bottom: [],
  };
}

function oneCell(spans: readonly Span[]): Span[] {
  return [{ text: spans.map(({ text }) => text).join(""), style: spans[0]?.style ?? "plain" }];
}

function happeningSpans({ picture }: ClusterModel, happening: UiHappening, say: Words): Span[] {
  const bad = /-lost$|-ended$|^error$/.test(happening.event);
  const text = happeningText(happening, picture.topologies.find(({ id }) => id === happening.id)?.name, say);
  return [
    span(`${clock(happening.atMs)}  `, "dim"),
    span(`${bad ? "✗" : "●"} ${visibleText(text)}`, bad ? "bad" : "plain"),
  ];
}

function happeningText(happening: UiHappening, topology: string | undefined, say: Words): string {
  const { event, host = "", port, from = "", status = "", component = "", error = "", given, taken } = happening;
  const name = happening.name ?? topology ?? happening.id?.replace(/-\d+-\d+$/, "") ?? "";
  const where = happening.place ? placeText(happening.place) : port === undefined ? host : `${host}:${port}`;
  switch (event) {
    case "nimbus-joined":
      return say("nimbusJoined", { where });
    case "nimbus-lost":
      return say("nimbusLost", { where });
    case "leader-elected":
      return say("leaderElected", { where });
    case "leader-lost":
      return say("leaderLost", { where });
    case "supervisor-joined":
      return say("supervisorJoined", { where });
    case "supervisor-lost":
      return say("supervisorLost", { where });
    case "topology-submitted":
      return say("submitted", { name });
    case "topology-status":
      return say("statusChanged", { name, from, status });
    case "topology-removed":
      return say("removed", { name });
    case "topology-scheduled":
      return say("scheduled", { name, given: given?.length ?? 0, taken: taken?.length ?? 0 });
    case "worker-started":
      return say("workerStarted", { name, where });
    case "worker-ended":
      return say("workerEnded", { name, where });
    case "error":
      return say("errorIn", { name, component, error });
    default:
      return event;
  }
}

function placeText({ host, port }: UiPlace): string {
  return `${host}:${port}`;
}

function clock(atMs: number): string {
  const date = new Date(atMs);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

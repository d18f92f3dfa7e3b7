/** What is wrong with a cluster, from facts about it. Pure. */
import type { ProcessRow } from "../../provision/index.ts";
import type { Finding } from "./finding.ts";

export interface ClusterFacts {
  readonly name: string;
  readonly processes: readonly ProcessRow[];
  readonly faults: number;
  readonly servers: readonly ServerFacts[];
  readonly nimbusLeads: boolean;
  /** What nimbus knows; none when none leads. */
  readonly supervisors: readonly { readonly host: string; readonly slots: number; readonly usedSlots: number }[];
  readonly nodes: readonly NodeFacts[];
  readonly topologies: readonly TopologyFacts[];
  /** Slots whose workers ended lately. */
  readonly exits: readonly WorkerExits[];
}

export interface ServerFacts {
  readonly id: number;
  /** `looking`: nobody answers. */
  readonly role: string;
  readonly myid: string | null;
  readonly myidFile: string;
  readonly configFile: string;
  /** The lines `server.N=…`, sorted. */
  readonly serverLines: readonly string[];
}

export interface NodeFacts {
  readonly name: string;
  readonly address: string;
  readonly stormYaml: string;
  /** Why it cannot be read. */
  readonly problem: string | null;
  /** Of the keys that must be the same everywhere. */
  readonly shared: Readonly<Record<string, string>>;
}

export interface TopologyFacts {
  readonly name: string;
  readonly status: string;
  readonly wantedWorkers: number;
  readonly workers: number;
  readonly errors: readonly {
    readonly component: string;
    readonly host: string;
    readonly port: number;
    readonly secondsAgo: number;
    readonly text: string;
  }[];
  /** By spout, of the last ten minutes. */
  readonly failed: ReadonlyMap<string, number>;
}

export interface WorkerExits {
  readonly slot: string;
  readonly count: number;
  readonly lastError: string;
  readonly logFile: string;
}

/** One death is a fault that was healed. */
const exitsMin = 3;

export function checkCluster(facts: ClusterFacts): Finding[] {
  return [
    ...checkServers(facts),
    ...checkNimbus(facts),
    ...checkProcesses(facts),
    ...checkNodes(facts),
    ...checkWorkers(facts),
    ...facts.topologies.flatMap((topology) => checkTopology(facts, topology)),
  ];
}

function checkServers({ name, servers }: ClusterFacts): Finding[] {
  const found: Finding[] = [];
  const serving = servers.filter(({ role }) => role !== "looking");
  const leaders = serving.filter(({ role }) => role === "leader" || role === "standalone");
  if (serving.length * 2 <= servers.length)
    found.push(
      error(
        "SL-DOCTOR-ZK-MAJORITY",
        { serving: serving.length, servers: servers.length },
        "srvr",
        on(name, "start zookeeper"),
      ),
    );
  else if (leaders.length > 1) found.push(error("SL-DOCTOR-ZK-LEADERS", { leaders: leaders.length }, "srvr", null));
  for (const { id, role, myid, myidFile, configFile, serverLines } of servers) {
    if (role === "looking")
      found.push(warning("SL-DOCTOR-ZK-DOWN", { id }, `zookeeper${id}`, on(name, `start zookeeper${id}`)));
    const isAlone = servers.length === 1;
    if (myid !== String(id) && !(isAlone && myid === null))
      found.push(
        error(
          "SL-DOCTOR-MYID",
          { id, found: myid ?? "-" },
          myidFile,
          `echo ${id} > ${myidFile} && ${on(name, `restart zookeeper${id}`)}`,
        ),
      );
    const [first] = servers;
    if (first !== undefined && serverLines.join("\n") !== first.serverLines.join("\n"))
      found.push(error("SL-DOCTOR-ZOO-CFG", { id, other: first.id }, configFile, null));
  }
  return found;
}

function checkNimbus({ name, nimbusLeads }: ClusterFacts): Finding[] {
  return nimbusLeads ? [] : [error("SL-DOCTOR-NIMBUS-LEADER", {}, "getLeader", on(name, "start nimbus"))];
}

function checkProcesses({ name, processes, faults, supervisors, nimbusLeads, nodes }: ClusterFacts): Finding[] {
  const found: Finding[] = [];
  if (faults > 0)
    found.push(warning("SL-DOCTOR-NETWORK-FAULT", { faults }, on(name, "fault list"), on(name, "fault heal")));
  const known = new Set(supervisors.map(({ host }) => host));
  for (const { id, role, state, node, pid } of processes) {
    const address = nodes.find((one) => one.name === node)?.address ?? "";
    if (state === "stopped")
      found.push({
        ...error("SL-DOCTOR-STOPPED", { process: id }, on(name, "ps"), on(name, `start ${id}`)),
        safe: { kind: "start", cluster: name, process: id },
      });
    else if (state === "paused")
      found.push({
        ...warning("SL-DOCTOR-PAUSED", { process: id }, `process ${pid}`, on(name, `resume "${id}"`)),
        safe: { kind: "resume", cluster: name, process: id },
      });
    else if (
      role === "supervisor" &&
      nimbusLeads &&
      nodes.some((one) => one.address !== address) &&
      !known.has(address)
    )
      found.push(error("SL-DOCTOR-SUPERVISOR", { process: id }, `process ${pid}`, on(name, `logs ${id}`)));
  }
  return found;
}

function checkNodes({ nodes }: ClusterFacts): Finding[] {
  const found: Finding[] = [];
  const readable = nodes.filter(({ problem }) => problem === null);
  for (const { name, stormYaml, problem } of nodes)
    if (problem !== null) found.push(error("SL-DOCTOR-YAML-BROKEN", { node: name, problem }, stormYaml, null));
  const [first, ...others] = readable;
  for (const node of others)
    for (const [key, value] of Object.entries(node.shared))
      if (first !== undefined && value !== first.shared[key])
        found.push(error("SL-DOCTOR-STORM-YAML", { node: node.name, other: first.name, key }, node.stormYaml, null));
  return found;
}

function checkWorkers({ exits }: ClusterFacts): Finding[] {
  return exits
    .filter(({ count }) => count >= exitsMin)
    .map(({ slot, count, lastError, logFile }) =>
      error("SL-DOCTOR-WORKER-LOOP", { slot, count, error: lastError }, logFile, null),
    );
}

function checkTopology({ name: cluster, supervisors }: ClusterFacts, topology: TopologyFacts): Finding[] {
  const { name, status, wantedWorkers: wanted, workers, errors, failed } = topology;
  const found: Finding[] = [];
  const free = supervisors.reduce((sum, { slots, usedSlots }) => sum + slots - usedSlots, 0);
  if (status === "ACTIVE" && workers < wanted)
    found.push(
      warning(
        "SL-DOCTOR-SLOTS",
        { topology: name, workers, wanted, free },
        on(cluster, "list"),
        on(cluster, "scale supervisor=+1"),
      ),
    );
  for (const { component, host, port, secondsAgo, text } of errors) {
    const isFile = /ENOENT|no such file/i.test(text);
    const values = { component, topology: name, host, error: text, seconds: secondsAgo };
    const code = isFile ? "SL-DOCTOR-FILE-MISSING" : "SL-DOCTOR-COMPONENT-ERROR";
    found.push(error(code, values, `${host}:${port}`, isFile ? null : on(cluster, `get-errors ${name}`)));
  }
  for (const [component, count] of failed)
    found.push(
      warning(
        "SL-DOCTOR-TUPLES-FAILED",
        { component, topology: name, failed: count },
        on(cluster, `monitor ${name}`),
        null,
      ),
    );
  return found;
}

/** A command on this cluster. */
function on(cluster: string, words: string): string {
  return `storm-lab ${words} --cluster ${cluster}`;
}

function error(code: Finding["code"], values: Finding["values"], where: string, fix: string | null): Finding {
  return { code, severity: "error", values, where, fix, safe: null };
}

function warning(code: Finding["code"], values: Finding["values"], where: string, fix: string | null): Finding {
  return { ...error(code, values, where, fix), severity: "warning" };
}

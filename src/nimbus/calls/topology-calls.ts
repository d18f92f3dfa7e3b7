/** Calls that change topologies. All of them need the nimbus that leads. Source: Nimbus of Storm 2.8. */
import { isStormLabError, messageOf } from "../../base/index.ts";
import { checkConf } from "../../conf/index.ts";
import type { Handlers } from "../../rpc/index.ts";
import {
  applicationError,
  type KillOptions,
  type LogConfig,
  type LogLevel,
  type Nimbus,
  type RebalanceOptions,
  type StormBase,
} from "../../wire/thrift/index.ts";
import { jsonObject } from "../conf-values.ts";
import type { NimbusParts } from "../nimbus-parts.ts";
import { isSystemId } from "../system-topology.ts";
import { notAlive, topologyId } from "../topology-names.ts";
import type { StoredTopology } from "../topology-store.ts";
import { invalid } from "../validate-topology.ts";

type TopologyCalls = Pick<
  Required<Handlers<typeof Nimbus.methods>>,
  | "submitTopology"
  | "submitTopologyWithOpts"
  | "killTopology"
  | "killTopologyWithOpts"
  | "activate"
  | "deactivate"
  | "rebalance"
  | "setLogConfig"
  | "debug"
  | "setWorkerProfiler"
  | "uploadNewCredentials"
>;

export function topologyCalls(parts: NimbusParts): TopologyCalls {
  const { leader, actions, state, submissions } = parts;
  return {
    submitTopology: (args) => submissions.submit({ ...args, options: { initial_status: "ACTIVE" } }),
    submitTopologyWithOpts: (args) => submissions.submit(args),
    killTopology: ({ name }) => kill(parts, name, {}),
    killTopologyWithOpts: ({ name, options = {} }) => kill(parts, name, options),
    async activate({ name }) {
      const term = await leader.require();
      await actions.ask(term, await topologyId(state, name), "ACTIVATE");
    },
    async deactivate({ name }) {
      const term = await leader.require();
      await actions.ask(term, await topologyId(state, name), "INACTIVATE");
    },
    rebalance: ({ name, options }) => rebalance(parts, name, options),
    setLogConfig: ({ name: id, config }) => setLogConfig(parts, id, config),
    debug: ({ name, component = "", enable, samplingPercentage }) =>
      debug(parts, name, component, enable, samplingPercentage),
    async setWorkerProfiler({ id, profileRequest }) {
      const term = await leader.require();
      await stored(parts, id);
      await term.writes.setProfileRequest(id, profileRequest);
    },
    async uploadNewCredentials({ name, creds }) {
      const term = await leader.require();
      const id = await topologyId(state, name);
      // Merged: what nimbus or an earlier upload put there is not lost.
      const before = await state.credentials(id);
      await term.writes.setCredentials(id, { ...creds, creds: new Map([...(before?.creds ?? []), ...creds.creds]) });
    },
  };
}

/** Throws NotAliveException. */
export async function stored({ store }: Pick<NimbusParts, "store">, id: string): Promise<StoredTopology> {
  const found = await store.read(id);
  if (found === null) throw notAlive(id);
  return found;
}

async function kill(parts: NimbusParts, name: string, options: KillOptions): Promise<void> {
  const { leader, actions, state, store, history } = parts;
  const term = await leader.require();
  const id = await topologyId(state, name);
  const users = (await store.read(id))?.conf["topology.users"];
  await actions.ask(term, id, "KILL", { kill: options });
  await history.add(id, Array.isArray(users) ? users.filter((user) => typeof user === "string") : []);
}

async function rebalance(parts: NimbusParts, name: string, options: RebalanceOptions): Promise<void> {
  const { leader, actions, state } = parts;
  const term = await leader.require();
  const id = await topologyId(state, name);
  const { topology } = await stored(parts, id);
  const components = [...topology.spouts.keys(), ...topology.bolts.keys()].sort();
  for (const [component, count] of options.num_executors ?? []) {
    if (!isSystemId(component) && !components.includes(component)) {
      throw invalid(`Invalid component ${component} for topology ${name}, valid values are ${components.join(",")}`);
    }
    if (count <= 0) throw invalid(`Number of executors must be greater than 0, and is ${count} for ${component}`);
  }
  if (options.num_workers !== undefined && options.num_workers <= 0) {
    throw invalid(`Number of workers must be greater than 0, and is ${options.num_workers}`);
  }
  const { principal: _, topology_conf_overrides: overrides, ...rest } = options;
  const cleaned = overrides === undefined ? {} : { topology_conf_overrides: cleanOverrides(overrides) };
  await actions.ask(term, id, "REBALANCE", { rebalance: { ...rest, ...cleaned } });
}

/** What only nimbus decides is left out. Throws InvalidTopologyException. */
function cleanOverrides(text: string): string {
  try {
    const overrides: Record<string, unknown> = { ...jsonObject(text) };
    for (const key of notOverridden) delete overrides[key];
    checkConf(overrides, () => "in the conf of the rebalance,");
    return JSON.stringify(overrides);
  } catch (error) {
    const why = isStormLabError(error) ? `${error.message}: ${error.why}; ${error.hint}` : messageOf(error);
    throw invalid(`The conf of the rebalance cannot be taken: ${why}`);
  }
}

const notOverridden = ["topology.submitter.principal", "topology.submitter.user", "storm.local.hostname", "storm.id"];

async function setLogConfig(parts: NimbusParts, id: string, config: LogConfig): Promise<void> {
  const { leader, state, runtime } = parts;
  const term = await leader.require();
  await stored(parts, id);
  const merged = new Map<string, LogLevel>();
  for (const [name, level] of (await state.logConfig(id))?.named_logger_level ?? []) {
    merged.set(name, { ...level, action: "UNCHANGED" });
  }
  for (const [name, level] of config.named_logger_level ?? []) {
    if (name === "") {
      throw applicationError("INTERNAL_ERROR", "Named loggers need a valid name. Use ROOT for the root logger");
    }
    if (level.action === "REMOVE") merged.delete(name);
    if (level.action === "UPDATE") merged.set(name, withEpoch(level, runtime.clock.nowMs()));
  }
  await term.writes.setLogConfig(id, { named_logger_level: merged });
}

/** When the level falls back to what it was. */
function withEpoch({ reset_log_level_timeout_epoch: _, ...level }: LogLevel, nowMs: number): LogLevel {
  const secs = level.reset_log_level_timeout_secs ?? 0;
  return secs > 0 ? { ...level, reset_log_level_timeout_epoch: nowMs + secs * 1000 } : level;
}

async function debug(parts: NimbusParts, name: string, component: string, enable: boolean, percentage: number) {
  const { leader, actions, state } = parts;
  const term = await leader.require();
  const id = await topologyId(state, name);
  const key = component === "" ? id : component;
  const known = await actions.change(term, id, (base): StormBase => {
    // Switched off, it keeps its percentage.
    const before = base.component_debug?.get(key)?.samplingpct ?? 0;
    const samplingpct = enable ? Math.max(0, Math.min(100, percentage)) : before;
    return { ...base, component_debug: new Map([...(base.component_debug ?? []), [key, { enable, samplingpct }]]) };
  });
  if (!known) throw notAlive(name);
}

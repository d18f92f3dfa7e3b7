/**
 * What a topology must be before nimbus takes it. Refusals are InvalidTopologyException in words that say what to change: they reach
 * the student as they are. Source: StormCommon.validateBasic and validateStructure, Utils.validateTopologyName of Storm 2.8.
 */
import { isStormLabError, messageOf } from "../base/index.ts";
import { topologyFromThrift } from "../code/index.ts";
import { checkConf, type StormConf } from "../conf/index.ts";
import { parallelismMax } from "../topology/index.ts";
import { type ComponentCommon, InvalidTopologyException, type StormTopology } from "../wire/thrift/index.ts";
import { isBlobKey, topologyBlobKeys } from "./blobs/blob-keys.ts";
import { type ConfObject, jsonObject, numberOf } from "./conf-values.ts";
import { allComponents, componentConf, isSystemId, parallelismHint } from "./system-topology.ts";

/** Tasks of a whole topology: far above what a classroom runs, far below what would stop nimbus. */
const tasksMax = 100_000;
/** Storm's own rule. */
const nameRule = /^[^/.:\\]+$/;
/** The longest that comes behind a name in the key of a blob. */
const longestSuffix = topologyBlobKeys("-9999999999-9999999999").code;

/** Throws InvalidTopologyException. */
export function validateName(name: string): void {
  if (!nameRule.test(name)) {
    throw invalid(
      `Topology name '${shown(name)}' contains illegal characters: it must not be empty nor have any of / . : \\ in it; ` +
        "take a plain name such as word-count",
    );
  }
  if (!isBlobKey(name + longestSuffix) || name.trim() === "") {
    throw invalid(
      `Topology name '${shown(name)}' cannot be part of the names of files: take at most 180 bytes of letters, digits, ` +
        "blanks, _ and -, such as word-count",
    );
  }
}

/** The conf out of its JSON, every value checked. Throws InvalidTopologyException. */
export function validateConfText(jsonConf: string): ConfObject {
  let conf: ConfObject;
  try {
    conf = jsonObject(jsonConf === "" ? "{}" : jsonConf);
  } catch (error) {
    throw invalid(`The topology's conf is no JSON object: ${messageOf(error)}`);
  }
  try {
    checkConf(conf, () => "in the topology's conf,");
  } catch (error) {
    throw isStormLabError(error) ? invalid(`${error.message}: ${error.why}; ${error.hint}`) : error;
  }
  return conf;
}

/** Throws InvalidTopologyException. `conf`: the cluster's with the topology's on top. */
export function validateTopology(topology: StormTopology, conf: ConfObject, cluster: StormConf): void {
  validateIds(topology);
  if (topology.spouts.size === 0) {
    throw invalid("The topology has no spout, so nothing would ever be emitted: add one with setSpout");
  }
  for (const [id, { common }] of topology.spouts) {
    if (common.inputs.length > 0) throw invalid(`May not declare inputs for a spout: "${id}" subscribes to something`);
  }
  refuseForeign(topology);
  for (const [id, { common }] of topology.bolts) validateInputs(id, common, topology);
  validateSize(topology, conf, cluster);
}

function validateIds(topology: StormTopology): void {
  for (const [id, { common }] of allComponents(topology)) {
    if (isSystemId(id) || id === "") {
      throw invalid(
        `"${id}" is not a valid component id: it must not be empty nor begin with __, which is the system's`,
      );
    }
    if (topology.spouts.has(id) && topology.bolts.has(id)) {
      throw invalid(`Duplicate component ids: [${id}] is a spout and a bolt; rename one of them`);
    }
    for (const streamId of common.streams.keys()) {
      if (isSystemId(streamId)) {
        throw invalid(`"${streamId}" of "${id}" is not a valid stream id: what begins with __ is the system's`);
      }
    }
  }
  if (topology.state_spouts.size > 0) throw invalid("State spouts are not supported, in no version of Storm");
}

/** Java code and other people's commands cannot run here. */
function refuseForeign(topology: StormTopology): void {
  try {
    topologyFromThrift(topology);
  } catch (error) {
    throw isStormLabError(error) ? invalid(`${error.message}: ${error.why}; ${error.hint}`) : error;
  }
}

function validateInputs(id: string, { inputs }: ComponentCommon, topology: StormTopology): void {
  if (inputs.length === 0) throw invalid(`Component: [${id}] subscribes to nothing, so it would never receive a tuple`);
  const components = allComponents(topology);
  for (const [{ componentId, streamId }, grouping] of inputs) {
    const source = components.get(componentId);
    if (source === undefined) {
      const known = [...components.keys()].join(", ");
      throw invalid(
        `Component: [${id}] subscribes from non-existent component [${componentId}]; the topology has: ${known}`,
      );
    }
    const stream = source.common.streams.get(streamId);
    if (stream === undefined) {
      const known = [...source.common.streams.keys()].join(", ") || "none";
      throw invalid(
        `Component: [${id}] subscribes from non-existent stream: [${streamId}] of component [${componentId}]; it declares: ${known}`,
      );
    }
    const missing = (grouping.fields ?? []).filter((field) => !stream.output_fields.includes(field));
    if (missing.length > 0) {
      throw invalid(
        `Component: [${id}] subscribes from stream: [${streamId}] of component [${componentId}] with non-existent fields: ` +
          `[${missing.join(", ")}]; its fields are: ${stream.output_fields.join(", ") || "none"}`,
      );
    }
    if ((grouping.direct !== undefined) !== stream.direct) {
      throw invalid(
        `Component: [${id}] and stream [${streamId}] of component [${componentId}]: a direct stream and a direct grouping need each other`,
      );
    }
  }
}

function validateSize(topology: StormTopology, conf: ConfObject, cluster: StormConf): void {
  let tasks = 0;
  let executors = 0;
  for (const [id, component] of allComponents(topology)) {
    const hint = parallelismHint(component);
    const own = numberOf(componentConf(component), "topology.tasks", hint);
    if (!Number.isInteger(hint) || hint < 1 || hint > parallelismMax || !Number.isInteger(own) || own < 1) {
      throw invalid(
        `Component: [${id}] has ${hint} executors and ${own} tasks: both must be whole numbers from 1 to ${parallelismMax}`,
      );
    }
    tasks += own;
    executors += hint;
  }
  if (tasks > tasksMax) throw invalid(`The topology has ${tasks} tasks; nimbus takes at most ${tasksMax}`);
  const workers = numberOf(conf, "topology.workers", 1);
  if (workers < 1 || workers > parallelismMax)
    throw invalid(`topology.workers is ${workers}: take 1 to ${parallelismMax}`);
  const workersMax = cluster.get("nimbus.slots.perTopology");
  if (typeof workersMax === "number" && workers > workersMax) {
    throw invalid(`Failed to submit topology. Topology requests more than ${workersMax} workers.`);
  }
  const executorsMax = cluster.get("nimbus.executors.perTopology");
  if (typeof executorsMax === "number" && executors > executorsMax) {
    throw invalid(`Failed to submit topology. Topology requests more than ${executorsMax} executors.`);
  }
}

export function invalid(msg: string): Error {
  return InvalidTopologyException.error({ msg });
}

function shown(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}

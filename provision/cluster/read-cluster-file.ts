/** cluster.yaml from text to spec; every fault names its line. */
import { exitCodes, type Runtime, StormLabError } from "../../src/base/index.ts";
import { parseYaml } from "../../src/conf/index.ts";
import type { ClusterSpec } from "./cluster-spec.ts";

/** Throws SL-CLUSTER-FILE. */
export async function parseClusterFile(text: string, file: string): Promise<ClusterSpec> {
  const { checkClusterFile } = await import("./cluster-schema.ts");
  const yaml = parseYaml(text);
  const [fault] = yaml.faults;
  if (fault !== undefined) throw wrong(`${file}:${fault.line}:${fault.column} is not YAML: ${fault.message}`);
  const checked = checkClusterFile(yaml.value);
  if (!isFaults(checked)) return checked;
  const told = checked.map(({ path, message }) => {
    const { line } = yaml.placeOf(path);
    return `${file}:${line} ${path.length === 0 ? "the file" : path.join(".")} ${message}`;
  });
  throw wrong(told.join("; "));
}

/** Throws SL-CLUSTER-FILE-MISSING, SL-CLUSTER-FILE. */
export async function readClusterFile(runtime: Runtime, file: string): Promise<ClusterSpec> {
  return parseClusterFile(await clusterFileContent(runtime, file), file);
}

/** Its text. Throws SL-CLUSTER-FILE-MISSING. */
export async function clusterFileContent(runtime: Runtime, file: string): Promise<string> {
  const stat = await runtime.fs.stat(file);
  if (stat?.kind !== "file") throw missing(file, stat === null ? "there is nothing" : "it is not a file");
  return Buffer.from(await runtime.fs.readFile(file)).toString("utf8");
}

function isFaults<T>(checked: ClusterSpec | readonly T[]): checked is readonly T[] {
  return Array.isArray(checked);
}

function wrong(what: string): StormLabError {
  return new StormLabError({
    code: "SL-CLUSTER-FILE",
    what,
    why: "a cluster file has only the keys that storm-lab init writes",
    hint: "correct the line; storm-lab init --non-interactive --template local --file cluster.yaml writes a file with every key explained",
    exitCode: exitCodes.usage,
  });
}

function missing(file: string, why: string): StormLabError {
  return new StormLabError({
    code: "SL-CLUSTER-FILE-MISSING",
    what: `there is no cluster file ${file}`,
    why,
    hint: "storm-lab init --non-interactive --template local   writes one; without --file, up makes a cluster of the usual size",
    exitCode: exitCodes.usage,
  });
}

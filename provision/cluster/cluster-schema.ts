/** What may stand in cluster.yaml. The one file that knows zod; loaded by commands that read or write cluster files, never by a daemon. */
import { z } from "zod";
import { type ClusterSpec, defaultSpec, portsInBlock } from "./cluster-spec.ts";

/** One thing that is wrong: where, and in words. */
export interface SchemaFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const mapping = "must be a mapping of keys to values";

const highestPort = 65_535 - portsInBlock;

/** The name becomes a folder, and part of titles. */
const name = z
  .string("must be a text")
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "must be 1 to 32 of a-z, 0-9 and -, and begin with a letter or digit")
  .describe("What the cluster is called; also the name of its folder.");

const schema = z.strictObject(
  {
    name: name.default(defaultSpec.name),
    target: z
      .literal("processes", 'must be "processes"')
      .default("processes")
      .describe("Where daemons run: as processes of this machine."),
    pace: z
      .enum(["classroom", "storm"], 'must be "classroom" or "storm"')
      .default(defaultSpec.pace)
      .describe("classroom: what dies is replaced within seconds; storm: Storm's own time-outs."),
    ports: z
      .union(
        [z.literal("classic"), whole(1024, highestPort)],
        `must be "classic", or a number from 1024 to ${highestPort}`,
      )
      .default(defaultSpec.ports)
      .describe(`classic: 2181, 8001, 9001, 3772, 6627, 6700 …; or the first port of a block of ${portsInBlock}.`),
    zookeeper: part({ servers: counted(1, 9, defaultSpec.zookeeper.servers, "ZooKeeper servers: 1, 3 or 5.") }).default(
      defaultSpec.zookeeper,
    ),
    nimbus: part({ count: counted(1, 5, defaultSpec.nimbus.count, "Nimbuses; one of them leads.") }).default(
      defaultSpec.nimbus,
    ),
    supervisors: part({
      count: counted(0, 32, defaultSpec.supervisors.count, "Supervisors, each on a node of its own."),
      slots: counted(1, 50, defaultSpec.supervisors.slots, "Worker processes that each may run."),
    }).default(defaultSpec.supervisors),
    drpc: part({ count: counted(0, 5, defaultSpec.drpc.count, "DRPC servers, on the first nodes.") }).default(
      defaultSpec.drpc,
    ),
    ui: part({ count: counted(0, 5, defaultSpec.ui.count, "UI servers, on the first nodes.") }).default(defaultSpec.ui),
    storm: z.record(z.string(), z.unknown(), mapping).default({}).describe("Keys of storm.yaml, for every daemon."),
  },
  { error: objectError },
);

/** What the parsed text of cluster.yaml says, or what is wrong with it. */
export function checkClusterFile(value: unknown): ClusterSpec | readonly SchemaFault[] {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  return result.error.issues.map((issue) => ({
    path: issue.path.filter((part): part is string | number => typeof part !== "symbol"),
    message: issue.message,
  }));
}

/** For editors: JSON Schema of cluster.yaml. */
export function clusterJsonSchema(): unknown {
  return z.toJSONSchema(schema, { io: "input" });
}

function whole(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

function counted(min: number, max: number, byDefault: number, meaning: string) {
  return whole(min, max).default(byDefault).describe(meaning);
}

function part<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, { error: objectError });
}

function objectError(issue: { readonly code?: string; readonly keys?: readonly string[] }): string {
  if (issue.code !== "unrecognized_keys") return mapping;
  return `has no key ${(issue.keys ?? []).map((key) => `"${key}"`).join(", ")}`;
}

/** Everything that changes something: always POST. Source of the paths: Storm 2.8, StormApiResource, where profiling is GET. */
import type { RebalanceOptions } from "../../wire/thrift/index.ts";
import { logConfig, logConfigShape, logConfigWantedShape, wantedLogConfig } from "./answers/log-config.ts";
import type { ApiWorld } from "./api-world.ts";
import { type ApiCall, post, type Route } from "./route.ts";
import { number, object, oneOf, optional, record, type ShapeType, text, whole } from "./shape.ts";

const done = object({ topologyOperation: text, topologyId: text, status: oneOf("success") });

const rebalanceBody = optional(
  object({
    rebalanceOptions: optional(object({ numWorkers: optional(whole), executors: optional(record(whole)) })),
  }),
);

/** Java's profiler; a worker is no Java process. */
const disabled = object({ status: oneOf("disabled"), message: text });

export const actionRoutes: readonly Route[] = [
  post("topology/{id}/activate", "start its spouts", { answer: done }, async ({ nimbus }, { params: { id = "" } }) => {
    await nimbus.activate({ name: await nameOf(nimbus, id) });
    return success("activate", id);
  }),
  post("topology/{id}/deactivate", "stop its spouts", { answer: done }, async ({ nimbus }, { params: { id = "" } }) => {
    await nimbus.deactivate({ name: await nameOf(nimbus, id) });
    return success("deactivate", id);
  }),
  post(
    "topology/{id}/rebalance/{wait}",
    "place it anew after so many seconds, with other numbers of workers and executors",
    { body: rebalanceBody, answer: done },
    rebalance,
  ),
  post("topology/{id}/kill/{wait}", "end it after so many seconds", { answer: done }, kill),
  post("topology/{id}/debug/{action}/{pct}", "log so many percent of its tuples", { answer: done }, debug),
  post(
    "topology/{id}/component/{component}/debug/{action}/{pct}",
    "log so many percent of the tuples of a component",
    { answer: done },
    debug,
  ),
  post(
    "topology/{id}/logconfig",
    "set levels of its loggers",
    { body: logConfigWantedShape, answer: logConfigShape },
    async ({ nimbus }, { params: { id = "" }, body }) => {
      await nimbus.setLogConfig({ name: id, config: wantedLogConfig(body) });
      return logConfig(await nimbus.getLogConfig({ name: id }));
    },
  ),
  ...[
    "start/{host-port}/{minutes}",
    "stop/{host-port}",
    "dumpprofile/{host-port}",
    "dumpjstack/{host-port}",
    "dumpheap/{host-port}",
    "restartworker/{host-port}",
  ].map((path) =>
    post(
      `topology/{id}/profiling/${path}`,
      "Java's profiler: disabled",
      { answer: disabled },
      async ({ nimbus }, call) => {
        await nameOf(nimbus, call.params.id ?? "");
        return { status: "disabled" as const, message: "Profiling is not enabled on this server" };
      },
    ),
  ),
];

/** What a path's part must be. Its message is for who asked. */
export class BadPath extends Error {}

async function rebalance(
  { nimbus }: ApiWorld,
  { params: { id = "", wait = "" }, body }: ApiCall<ShapeType<typeof rebalanceBody>>,
) {
  const { numWorkers, executors } = body?.rebalanceOptions ?? {};
  const options: RebalanceOptions = {
    wait_secs: wholeOf("the seconds to wait", wait),
    num_workers: numWorkers,
    num_executors: executors === undefined ? undefined : new Map(Object.entries(executors)),
  };
  await nimbus.rebalance({ name: await nameOf(nimbus, id), options });
  return success("rebalance", id);
}

async function kill({ nimbus }: ApiWorld, { params: { id = "", wait = "" } }: ApiCall<unknown>) {
  const options = { wait_secs: wholeOf("the seconds to wait", wait) };
  await nimbus.killTopologyWithOpts({ name: await nameOf(nimbus, id), options });
  return success("kill", id);
}

async function debug({ nimbus }: ApiWorld, { params }: ApiCall<unknown>) {
  const { id = "", component = "", action = "", pct = "" } = params;
  if (action !== "enable" && action !== "disable") throw new BadPath(`debug is to enable or disable, not to ${action}`);
  const samplingPercentage = wholeOf("the percentage", pct);
  if (number.fault(samplingPercentage, "") !== null || samplingPercentage > 100)
    throw new BadPath(`a percentage is at most 100, not ${pct}`);
  await nimbus.debug({ name: await nameOf(nimbus, id), component, enable: action === "enable", samplingPercentage });
  return success(`debug/${action}`, id);
}

function wholeOf(what: string, part: string): number {
  if (!/^\d{1,9}$/.test(part)) throw new BadPath(`${what} must be a whole number, not ${part}`);
  return Number(part);
}

async function nameOf(nimbus: ApiWorld["nimbus"], id: string): Promise<string> {
  return (await nimbus.getTopologySummary({ id })).name;
}

function success(topologyOperation: string, topologyId: string) {
  return { topologyOperation, topologyId, status: "success" as const };
}

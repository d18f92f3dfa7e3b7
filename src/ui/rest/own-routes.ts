/** What Storm's UI does not tell, and this page shows: the ensemble, what has happened, every log. */
import type { ApiWorld } from "./api-world.ts";
import { get, type Route } from "./route.ts";
import { anything, flag, list, nullable, number, object, record, text, whole } from "./shape.ts";

const ensembleShape = object({
  members: list(object({ server: text, mode: text, zxid: nullable(text), connections: nullable(whole) })),
});

/** Each as the event stream tells it. */
const happeningsShape = object({ happenings: list(record(anything)) });

const logsShape = object({
  logs: list(object({ host: text, name: text, isDaemon: flag, size: whole, modifiedMs: number, link: text })),
});

export const ownRoutes: readonly Route[] = [
  get("storm-lab/ensemble", "the ZooKeeper servers, and who leads", ensembleShape, async ({ askEnsemble }) => ({
    members: await askEnsemble(),
  })),
  get("storm-lab/logs", "every log there is, with a link to it", logsShape, async ({ logs, links }) => ({
    logs: (await logs()).map((each) => ({ ...each, link: links.file(each.host, each.name, each.isDaemon) })),
  })),
  get("storm-lab/happenings", "what has happened of late, oldest first", happeningsShape, happenings),
];

async function happenings({ happenings }: ApiWorld) {
  return { happenings: happenings() };
}

/** What Storm's UI does not tell, and this page shows: the ensemble, and what has happened. */
import type { ApiWorld } from "./api-world.ts";
import { get, type Route } from "./route.ts";
import { anything, list, nullable, object, record, text, whole } from "./shape.ts";

const ensembleShape = object({
  members: list(object({ server: text, mode: text, zxid: nullable(text), connections: nullable(whole) })),
});

/** Each as the event stream tells it. */
const happeningsShape = object({ happenings: list(record(anything)) });

export const ownRoutes: readonly Route[] = [
  get("storm-lab/ensemble", "the ZooKeeper servers, and who leads", ensembleShape, async ({ askEnsemble }) => ({
    members: await askEnsemble(),
  })),
  get("storm-lab/happenings", "what has happened of late, oldest first", happeningsShape, happenings),
];

async function happenings({ happenings }: ApiWorld) {
  return { happenings: happenings() };
}

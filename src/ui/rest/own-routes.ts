/** What Storm's UI does not tell, and this page shows: the ensemble, its tree, what has happened, every log, function calls. */
import type { ApiWorld } from "./api-world.ts";
import { get, post, type Route } from "./route.ts";
import {
  anything,
  either,
  flag,
  list,
  matching,
  nullable,
  number,
  object,
  oneOf,
  record,
  text,
  whole,
} from "./shape.ts";

const ensembleShape = object({
  members: list(object({ server: text, mode: text, zxid: nullable(text), connections: nullable(whole) })),
});

/** Each as the event stream tells it. */
const happeningsShape = object({ happenings: list(record(anything)) });

const logsShape = object({
  logs: list(object({ host: text, name: text, isDaemon: flag, size: whole, modifiedMs: number, link: text })),
});

const znodeShape = object({
  znode: nullable(
    object({ path: text, children: list(text), encoding: text, data: anything, stat: record(either(text, whole)) }),
  ),
});

const tupleShape = object({
  id: text,
  anchors: list(text),
  component: text,
  task: whole,
  stream: text,
  toComponent: text,
  toTask: whole,
  values: text,
  worker: nullable(text),
  emittedMs: number,
  executedMs: nullable(number),
  settled: nullable(oneOf("acked", "failed")),
  settledMs: nullable(number),
});

const treesShape = object({
  trees: list(
    object({
      root: text,
      component: text,
      task: whole,
      messageId: text,
      worker: text,
      startMs: number,
      end: nullable(oneOf("completed", "given-up")),
      endMs: nullable(number),
      tuples: list(tupleShape),
    }),
  ),
});

const callShape = object({ functionName: matching(/^.{1,256}$/, "the name of a function"), args: text });
const resultShape = object({ result: text, ms: number });

export const ownRoutes: readonly Route[] = [
  get("storm-lab/ensemble", "the ZooKeeper servers, and who leads", ensembleShape, async ({ askEnsemble }) => ({
    members: await askEnsemble(),
  })),
  get("storm-lab/logs", "every log there is, with a link to it", logsShape, async ({ logs, links }) => ({
    logs: (await logs()).map((each) => ({ ...each, link: links.file(each.host, each.name, each.isDaemon) })),
  })),
  get(
    "storm-lab/znode",
    "a node of ZooKeeper with its children",
    znodeShape,
    async ({ znode }, { query }) => ({ znode: await znode(query.get("path") ?? "/") }),
    ["path"],
  ),
  get(
    "storm-lab/topology/{id}/tuples",
    "tuples of a debugged spout, with all that became of them, newest first",
    treesShape,
    async ({ tupleTrees }, { params: { id = "" } }) => ({ trees: await tupleTrees(id) }),
  ),
  post(
    "storm-lab/drpc",
    "call a function that a topology answers",
    { body: callShape, answer: resultShape },
    async ({ callFunction, nowMs }, { body: { functionName, args } }) => {
      const startMs = nowMs();
      return { result: await callFunction(functionName, args), ms: nowMs() - startMs };
    },
  ),
  get("storm-lab/happenings", "what has happened of late, oldest first", happeningsShape, happenings),
];

async function happenings({ happenings }: ApiWorld) {
  return { happenings: happenings() };
}

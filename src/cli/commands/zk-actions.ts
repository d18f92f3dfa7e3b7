/** What the `zk` commands do, each with a client of its own that lives as long as the command. */
import { exitCodes, type Runtime, StormLabError } from "../../base/index.ts";
import { dataJson, dataText, statJson, statText } from "../../state/index.ts";
import {
  askFourLetterWord,
  hostText,
  openZooKeeper,
  parseConnectString,
  type WatchEvent,
  type ZooKeeperClient,
} from "../../zookeeper/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { readConf } from "./storm-conf.ts";

/** Runs one `zk` command; resolves with the exit code. */
export async function runZk(
  name: keyof typeof zkActions,
  context: CommandContext,
  input: CommandInput,
): Promise<number> {
  const runtime = context.openRuntime({ name: "zk", level: "error" });
  const servers = await serversOf(context, runtime, input);
  const auth = [input.options.auth ?? []].flat().map((text) => authOf(String(text)));
  const client = openZooKeeper(runtime, { servers, sessionTimeoutMs, patienceMs, auth });
  const stop = () => void client.close();
  context.interrupted.addEventListener("abort", stop);
  try {
    await zkActions[name]({ context, client, input, path: String(input.args.path ?? "/") });
  } finally {
    context.interrupted.removeEventListener("abort", stop);
    await client.close();
  }
  return exitCodes.done;
}

/** `zk four-letter`: without a session, so that servers without a quorum answer too. */
export async function runFourLetter(context: CommandContext, input: CommandInput): Promise<number> {
  const runtime = context.openRuntime({ name: "zk", level: "error" });
  const word = String(input.args.word);
  if (!/^[a-z]{4}$/.test(word)) throw usage(`"${word}" is not four small letters`, "storm-lab zk four-letter srvr");
  for (const host of parseConnectString(await serversOf(context, runtime, input))) {
    const text = await askFourLetterWord(runtime, host, word, patienceMs);
    answer(context, { server: hostText(host), word, answer: text }, text.endsWith("\n") ? text : `${text}\n`);
  }
  return exitCodes.done;
}

async function serversOf(context: CommandContext, runtime: Runtime, input: CommandInput): Promise<string> {
  if (input.options.server !== undefined) return String(input.options.server);
  const { zooKeeperServers } = await import("../../conf/index.ts");
  return zooKeeperServers(await readConf(context, runtime, input, "client"));
}

/** A person waits: a server that is not there is told soon. */
const patienceMs = 3000;
const sessionTimeoutMs = 10_000;
/** Nodes that `ls -R` and `delete -r` go through before they give up. */
const treeNodesMax = 1_000_000;

interface Call {
  readonly context: CommandContext;
  readonly client: ZooKeeperClient;
  readonly input: CommandInput;
  readonly path: string;
}

export const zkActions = { ls, get, stat, create, set, delete: remove, watch } as const;

async function ls({ context, client, input, path }: Call): Promise<void> {
  if (input.options.recursive === true) {
    const paths = await subtree(client, path);
    answer(context, { path, paths }, paths.map((one) => `${one}\n`).join(""));
    return;
  }
  const found = await client.getChildren(path);
  if (found === null) throw noNode(path);
  const children = [...found.children].sort();
  answer(context, { path, children }, children.map((name) => `${name}\n`).join(""));
}

async function get({ context, client, input, path }: Call): Promise<void> {
  const node = await client.getData(path);
  if (node === null) throw noNode(path);
  const raw = input.options.raw === true;
  const stat = input.options.stat === true ? statText(node.stat) : "";
  answer(
    context,
    { path, ...dataJson(path, node.data, raw), stat: statJson(node.stat) },
    `${dataText(path, node.data, raw)}${stat}`,
  );
}

async function stat({ context, client, path }: Call): Promise<void> {
  const found = await client.exists(path);
  if (found === null) throw noNode(path);
  answer(context, { path, stat: statJson(found) }, statText(found));
}

async function create({ context, client, input, path }: Call): Promise<void> {
  const { sequential, container, ttl, parents } = input.options;
  if (container === true && (sequential === true || ttl !== undefined)) {
    throw usage("a container is neither sequential nor mortal", "leave out --sequential and --ttl, or --container");
  }
  const numbered = sequential === true ? "persistentSequential" : "persistent";
  const mode = container === true ? "container" : ttl === undefined ? numbered : (`${numbered}WithTtl` as const);
  if (parents === true) await createAbove(client, path);
  const ttlMs = ttl === undefined ? {} : { ttlMs: number(ttl, "--ttl") };
  const made = await client.create(path, textOf(input), { mode, ...ttlMs });
  answer(context, { path: made }, `${made}\n`);
}

async function set({ context, client, input, path }: Call): Promise<void> {
  const found = await client.setData(path, textOf(input), versionOf(input));
  answer(context, { path, stat: statJson(found) }, `${path} version ${found.version}\n`);
}

async function remove({ context, client, input, path }: Call): Promise<void> {
  const paths = input.options.recursive === true ? (await subtree(client, path)).reverse() : [path];
  for (const one of paths) {
    const gone = await client.delete(one, one === path ? versionOf(input) : -1);
    if (!gone && one === path) throw noNode(path);
  }
  answer(context, { path, deleted: paths.length }, `deleted ${paths.length === 1 ? path : `${paths.length} nodes`}\n`);
}

async function watch({ context, client, input, path }: Call): Promise<void> {
  const max = input.options.count === undefined ? Number.POSITIVE_INFINITY : number(input.options.count, "--count");
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  let told = 0;
  const tell = (event: WatchEvent) => {
    if (told >= max) return;
    const text = event.type === "None" ? "Reconnected" : event.type;
    const line = JSON.stringify({ type: text, path: event.path });
    context.stdout.write(context.globals.output === "text" ? `${text} ${event.path}\n` : `${line}\n`);
    if (++told >= max) resolve();
  };
  const mode = input.options.recursive === true ? "persistentRecursive" : "persistent";
  await client.addWatch(path, mode, tell);
  client.onState((state) => (state === "closed" || state === "failed") && resolve());
  context.stderr.write(`watching ${path}\n`);
  await enough;
}

/** The node and everything below it, parents first, each level in order. SL-ZK-NO-NODE. */
async function subtree(client: ZooKeeperClient, path: string): Promise<string[]> {
  if ((await client.exists(path)) === null) throw noNode(path);
  const paths = [path];
  for (let at = 0; at < paths.length && paths.length <= treeNodesMax; at++) {
    const parent = paths[at] as string;
    const names = [...((await client.getChildren(parent))?.children ?? [])].sort();
    for (const name of names) paths.push(parent === "/" ? `/${name}` : `${parent}/${name}`);
  }
  return paths;
}

async function createAbove(client: ZooKeeperClient, path: string): Promise<void> {
  const parts = path.split("/").slice(1, -1);
  for (let count = 1; count <= parts.length; count++) {
    const above = `/${parts.slice(0, count).join("/")}`;
    if ((await client.exists(above)) === null) await client.create(above);
  }
}

function answer({ globals, stdout }: CommandContext, json: object, text: string): void {
  stdout.write(globals.output === "text" ? text : `${JSON.stringify(json)}\n`);
}

function textOf({ args }: CommandInput): Buffer | null {
  return args.data === undefined ? null : Buffer.from(String(args.data));
}

function versionOf({ options }: CommandInput): number {
  return options.expectVersion === undefined ? -1 : number(options.expectVersion, "--expect-version");
}

function number(value: unknown, flag: string): number {
  if (!/^\d{1,15}$/.test(String(value))) throw usage(`${flag} ${value} is not a number`, `${flag} 1`);
  return Number(value);
}

function authOf(text: string): { scheme: string; auth: Buffer } {
  const colon = text.indexOf(":");
  if (colon < 1) throw usage(`--auth ${text} has no scheme`, "--auth digest:user:password");
  return { scheme: text.slice(0, colon), auth: Buffer.from(text.slice(colon + 1)) };
}

function noNode(path: string): StormLabError {
  const parent = path.slice(0, Math.max(1, path.lastIndexOf("/")));
  return new StormLabError({
    code: "SL-ZK-NO-NODE",
    what: `there is no node ${path}`,
    why: "nobody has created it, or it was deleted",
    hint: `storm-lab zk ls ${parent}`,
    exitCode: exitCodes.refused,
  });
}

function usage(what: string, hint: string): StormLabError {
  return new StormLabError({
    code: "SL-USAGE",
    what,
    why: "storm-lab zk does not take these words",
    hint,
    exitCode: exitCodes.usage,
  });
}

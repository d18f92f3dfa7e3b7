/** `storm-lab zk …`: look into a ZooKeeper, ours or Apache's, and change it by hand. */
import type { ArgumentSpec, CommandSpec, ExampleSpec, OptionSpec } from "../command.ts";
import { placeOptions } from "./storm-conf.ts";

type Action = keyof typeof import("./zk-actions.ts").zkActions;

const server: OptionSpec = {
  flags: "--server <host:port>",
  summary: "where ZooKeeper is; several are divided by commas; else where storm.yaml says, else localhost:2181",
};
const auth: OptionSpec = {
  flags: "--auth <scheme:credentials>",
  summary: "authenticate first, such as digest:user:password",
  repeatable: true,
};
const version: OptionSpec = { flags: "--expect-version <number>", summary: "only if the node still has this version" };
const path: ArgumentSpec = { name: "<path>", summary: "of the node, such as /storm/supervisors" };
const data: ArgumentSpec = { name: "[data]", summary: "text; the node has none when it is left out" };

const zkExamples: Readonly<Record<Action, readonly ExampleSpec[]>> = {
  ls: [
    ["zk ls /storm", "what Storm keeps there"],
    ["zk ls / -R", "everything"],
  ],
  get: [["zk get /storm/supervisors -s", "with its numbers"]],
  stat: [["zk stat /storm", "versions, times, children"]],
  create: [["zk create /lab/task- hello -s -p", "a sequential node, and what is missing above it"]],
  set: [["zk set /lab hello --expect-version 0", "only if nobody changed it"]],
  delete: [["zk delete /lab -r", "and everything below it"]],
  watch: [["zk watch /storm/supervisors -R", "supervisors that come and go"]],
};

export const zkCommand: CommandSpec = {
  name: "zk",
  summary: "look into ZooKeeper: ls, get, stat, create, set, delete, watch, four-letter",
  subcommands: [
    zkSubcommand(
      "ls",
      "list the children of a node",
      [{ ...path, name: "[path]" }],
      [{ flags: "-R, --recursive", summary: "everything below, one path a line" }],
    ),
    zkSubcommand(
      "get",
      "print the data of a node",
      [path],
      [
        { flags: "-s, --stat", summary: "its numbers too" },
        { flags: "--raw", summary: "without unpacking and decoding" },
      ],
    ),
    zkSubcommand("stat", "print the numbers of a node", [path], []),
    zkSubcommand(
      "create",
      "create a node",
      [path, data],
      [
        { flags: "-s, --sequential", summary: "ZooKeeper appends a number to the name" },
        { flags: "-c, --container", summary: "goes by itself some time after its last child" },
        { flags: "-t, --ttl <milliseconds>", summary: "goes by itself when it is childless and unchanged for so long" },
        { flags: "-p, --parents", summary: "create missing nodes above it" },
      ],
    ),
    zkSubcommand("set", "replace the data of a node", [path, data], [version]),
    zkSubcommand(
      "delete",
      "delete a node",
      [path],
      [version, { flags: "-r, --recursive", summary: "and everything below it" }],
    ),
    zkSubcommand(
      "watch",
      "tell of changes until Ctrl-C",
      [path],
      [
        { flags: "-R, --recursive", summary: "of everything below too" },
        { flags: "-n, --count <number>", summary: "end after so many" },
      ],
    ),
    {
      name: "four-letter",
      examples: [
        ["zk four-letter srvr", "is it leader or follower?"],
        ["zk four-letter mntr --server 127.0.0.1:2182", "its numbers"],
      ],
      summary: "ask a server one of ZooKeeper's four-letter words",
      args: [{ name: "<word>", summary: "such as srvr, mntr, ruok" }],
      options: [server, ...placeOptions],
      run: async (context, input) => (await import("./zk-actions.ts")).runFourLetter(context, input),
    },
  ],
};

function zkSubcommand(
  name: Action,
  summary: string,
  args: readonly ArgumentSpec[],
  options: readonly OptionSpec[],
): CommandSpec {
  return {
    name,
    summary,
    examples: zkExamples[name],
    args,
    options: [server, auth, ...options, ...placeOptions],
    run: async (context, input) => (await import("./zk-actions.ts")).runZk(name, context, input),
  };
}

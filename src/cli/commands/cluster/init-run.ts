/** What `storm-lab init` does. */
import { access, constants } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
  clusterFileOf,
  clusterJsonSchema,
  clusterNames,
  layOut,
  type Place,
  parseClusterFile,
  prepareUp,
  withClusterLock,
} from "../../../../provision/index.ts";
import { exitCodes, StormLabError } from "../../../base/index.ts";
import { type Answers, answersGiven, defaultAnswers, fileOf, freeName, wizardSay } from "../../../tui/wizard/index.ts";
import type { CommandContext, CommandInput } from "../../command.ts";
import { openPlace } from "./place.ts";
import { converge, nextCommands } from "./up-run.ts";
import { askForCluster, mayAsk } from "./wizard.ts";

export async function runInit(context: CommandContext, input: CommandInput): Promise<number> {
  if (input.options.schema === true) {
    context.stdout.write(`${JSON.stringify(await clusterJsonSchema(), null, 2)}\n`);
    return exitCodes.done;
  }
  const place = openPlace(context, "init");
  const given = await answersGiven(place.runtime, input.options);
  const file = resolve(String(input.options.file));
  const asked = { ...defaultAnswers, ...given };
  await parseClusterFile(fileOf(asked), "what the flags say");
  if (asked.ending !== "print") await requireWritable(place, file);
  const names = await clusterNames(place);
  if (given.name !== undefined && names.includes(given.name) && asked.ending !== "print")
    throw clusterExists(given.name);
  if (!mayAsk(context, input)) {
    if (names.includes(asked.name) && asked.ending !== "print") throw nameMissing(asked.name);
    return finish(context, place, file, asked);
  }
  const start: Answers = { ...defaultAnswers, name: freeName(names, defaultAnswers.name), ending: "up" };
  const answers = await askForCluster(context, place, start, given);
  return answers === null ? exitCodes.interrupted : finish(context, place, file, answers);
}

/** `file` null: only in the cluster's own folder. */
export async function finish(
  context: CommandContext,
  place: Place,
  file: string | null,
  answers: Answers,
): Promise<number> {
  const { stdout } = context;
  const text = fileOf(answers);
  const spec = await parseClusterFile(text, "cluster.yaml");
  if (answers.ending === "print") {
    stdout.write(text);
    return exitCodes.done;
  }
  if (file !== null) await place.runtime.fs.writeFile(file, Buffer.from(text));
  const { name } = answers;
  if (answers.ending === "up") {
    const options = { yes: true };
    const code = await withClusterLock(place, name, () =>
      converge(context, place, name, text, { args: {}, options, rest: [] }),
    );
    if (context.globals.output === "text") stdout.write(nextCommands);
    return code;
  }
  await withClusterLock(place, name, async () => layOut(place, await prepareUp(place, spec, text)));
  tellSaved(context, file ?? clusterFileOf(place, name), dirname(clusterFileOf(place, name)), name);
  return exitCodes.done;
}

function tellSaved({ globals, stdout }: CommandContext, file: string, folder: string, name: string): void {
  const [startAll, stopAll] = [`${folder}/start-all.sh`, `${folder}/stop-all.sh`];
  if (globals.output !== "text") {
    stdout.write(`${JSON.stringify({ file, name, folder, startAll, stopAll })}\n`);
    return;
  }
  const say = wizardSay(globals.language, globals.ascii);
  stdout.write(`${say("wrote", { file })}\n${say("wrote", { file: startAll })}\n${say("wrote", { file: stopAll })}\n`);
  stdout.write(`\n${say("next")}  storm-lab up --cluster ${name}   ${say("or")}   ${startAll}\n`);
}

/** Throws before anything is asked. */
async function requireWritable(place: Place, file: string): Promise<void> {
  if ((await place.runtime.fs.stat(file)) !== null) throw fileExists(file);
  const folder = dirname(file);
  await access(folder, constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    throw new StormLabError({
      code: "SL-INIT-FOLDER",
      what: `nothing can be written to ${folder} (${error.code})`,
      why: "the folder is not there, or belongs to somebody else",
      hint: "name another file with --file, or use --print and put the text where it shall be",
      exitCode: exitCodes.preflight,
      cause: error,
    });
  });
}

function fileExists(file: string): StormLabError {
  return new StormLabError({
    code: "SL-CLUSTER-FILE-EXISTS",
    what: `${file} is there already`,
    why: "init overwrites nothing",
    hint: "storm-lab up   uses it; or name another file with --file",
    exitCode: exitCodes.conflict,
  });
}

function clusterExists(name: string): StormLabError {
  return new StormLabError({
    code: "SL-CLUSTER-EXISTS",
    what: `there is a cluster ${name} already`,
    why: "init plans new clusters and changes none",
    hint: `storm-lab scale or reload --cluster ${name} change it, storm-lab down --cluster ${name} removes it; or take another --name`,
    exitCode: exitCodes.conflict,
  });
}

function nameMissing(name: string): StormLabError {
  return new StormLabError({
    code: "SL-INIT-ANSWER",
    what: "the answer --name is missing",
    why: `there is a cluster ${name}, the usual name, already, and there is no terminal on which to ask for another`,
    hint: `storm-lab init --yes --name ${name}-2`,
    exitCode: exitCodes.usage,
  });
}

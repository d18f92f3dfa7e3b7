/** `storm-lab lab start`: files laid, a cluster brought up or borrowed, the first step shown; on a terminal it stays and watches. */
import { resolve } from "node:path";
import {
  type Lab,
  type LabSession,
  labContent,
  labFiles,
  layFiles,
  requireEmpty,
} from "../../../../labs/engine/index.ts";
import { labTable } from "../../../../labs/lab-table.ts";
import {
  clusterFileOf,
  clusterFileText,
  clusterNames,
  defaultSpec,
  freePortBlock,
  onlyCluster,
  withClusterLock,
} from "../../../../provision/index.ts";
import { exitCodes, StormLabError } from "../../../base/index.ts";
import { namedCluster } from "../cluster/place.ts";
import { converge } from "../cluster/up-run.ts";
import { type Desk, labOf, openCluster, pageOf, sessionOf, told } from "./desk.ts";
import { introPage, stepPage } from "./pages.ts";
import { stepData, whatNext } from "./step-commands.ts";
import { watchLab } from "./watch.ts";

export async function runStart(desk: Desk): Promise<number> {
  const { context, say } = desk;
  const lab = wantedLab(desk);
  const session = sessionOf(desk, lab);
  const goesOn = await isUnderWay(desk, session);
  const folder = goesOn ? (session.progress?.folder ?? "") : folderOf(desk, lab);
  if (!goesOn) await requireEmpty(desk.runtime, folder);
  const cluster = await readyCluster(desk, lab);
  if (!goesOn) await layFiles(desk.runtime, await labFiles(desk.runtime, desk.root, lab, "starter"), folder);
  if (session.isFinished || (!goesOn && session.progress !== null)) await session.resetLab();
  await session.start(folder, cluster, await labContent(desk.runtime, desk.root, lab));
  const page = await pageOf(desk, lab);
  const watches = context.stdout.interactive && process.stdin.isTTY === true && desk.input.options.manual !== true;
  const resumed = goesOn ? `${say("resumed")}\n\n` : "";
  const isText = context.globals.output === "text";
  const next = watches && isText ? "" : `\n${whatNext(page, session)}\n`;
  told(desk, `${resumed}${introPage(page, session)}${stepPage(page, session)}${next}`, stepData(page, session));
  return watches && isText ? watchLab(desk, page, session) : exitCodes.done;
}

/** Named, else the one under way, else the first that is not finished. */
function wantedLab({ input, file }: Desk): Lab {
  if (input.args.lab !== undefined) return labOf(String(input.args.lab));
  const { current, labs } = file.progress;
  const isOpen = ({ id }: Lab) => labs.get(id)?.finishedMs == null;
  const under = labTable.find((lab) => lab.id === current && isOpen(lab));
  return under ?? labTable.find(isOpen) ?? (labTable[0] as Lab);
}

/** Its folder is still there, it is not finished, and no other folder is named. */
async function isUnderWay({ input, runtime }: Desk, { progress }: LabSession): Promise<boolean> {
  if (progress === null || progress.finishedMs !== null || input.options.folder !== undefined) return false;
  return (await runtime.fs.stat(progress.folder))?.kind === "directory";
}

function folderOf({ input }: Desk, { id, number }: Lab): string {
  return resolve(String(input.options.folder ?? `lab-${number}-${id}`));
}

/** Null: bringing it up is part of the lab. */
async function readyCluster(desk: Desk, lab: Lab): Promise<string | null> {
  const { context, place, input } = desk;
  if (!lab.needs.cluster) return namedCluster(input);
  const names = await clusterNames(place);
  const name = namedCluster(input) ?? (names.length === 0 ? defaultSpec.name : await onlyCluster(place));
  const text = names.includes(name)
    ? new TextDecoder().decode(await place.runtime.fs.readFile(clusterFileOf(place, name)))
    : clusterFileText({ ...defaultSpec, name, ports: await freePortBlock(place.runtime) });
  const quiet = { ...context, globals: { ...context.globals } };
  await withClusterLock(place, name, () =>
    converge(quiet, place, name, text, { args: {}, options: { yes: true }, rest: [] }),
  );
  const cluster = await openCluster(
    { ...desk, input: { ...input, options: { ...input.options, cluster: name } } },
    lab,
  );
  const { supervisors, slotsFree } = await cluster.ui.get("cluster/summary");
  if (supervisors < lab.needs.supervisors || slotsFree < lab.needs.freeSlots)
    throw needs(lab, name, supervisors, slotsFree);
  return name;
}

function needs({ needs: wanted, number }: Lab, name: string, supervisors: number, slots: number): StormLabError {
  return new StormLabError({
    code: "SL-LAB-NEEDS",
    what: `lab ${number} needs ${wanted.supervisors} supervisors, ${wanted.freeSlots} free slots; ${name} has ${supervisors} and ${slots}`,
    why: "other topologies have the slots, or supervisors are down",
    hint: `storm-lab list --cluster ${name}   storm-lab kill NAME -w 0   or   storm-lab lab start ${number} --cluster another`,
    exitCode: exitCodes.preflight,
  });
}

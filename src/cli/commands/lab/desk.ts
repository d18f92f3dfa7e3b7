/** What every lab command needs: the labs, how far the student is, and the cluster that is meant. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Lab,
  LabCluster,
  LabSession,
  type LabTexts,
  ProgressFile,
  readLabTexts,
} from "../../../../labs/engine/index.ts";
import { labTable } from "../../../../labs/lab-table.ts";
import { loadCluster, onlyCluster, type Place } from "../../../../provision/index.ts";
import { exitCodes, type Runtime, StormLabError } from "../../../base/index.ts";
import { type Say, speaker } from "../../../language/index.ts";
import type { CommandContext, CommandInput } from "../../command.ts";
import { namedCluster, openPlace } from "../cluster/place.ts";
import type { Page } from "./pages.ts";
import { type LabWord, labWords } from "./texts.ts";

export interface Desk {
  readonly context: CommandContext;
  readonly input: CommandInput;
  readonly place: Place;
  readonly runtime: Runtime;
  readonly say: Say<LabWord>;
  /** The folder `labs/` of the package. */
  readonly root: string;
  readonly file: ProgressFile;
}

export async function openDesk(context: CommandContext, input: CommandInput): Promise<Desk> {
  const place = openPlace(context, "lab");
  const { runtime } = place;
  const file = await ProgressFile.open(runtime, `${place.home}/labs`);
  const say = speaker(labWords, context.globals.language);
  return { context, input, place, runtime, say, root: labsRoot(), file };
}

/** Throws SL-LAB-UNKNOWN. */
export function labOf(word: string): Lab {
  const found = labTable.find(({ id, number }) => id === word || String(number) === word);
  if (found !== undefined) return found;
  throw new StormLabError({
    code: "SL-LAB-UNKNOWN",
    what: `there is no lab ${word}`,
    why: `the labs are: ${labTable.map(({ number, id }) => `${number} ${id}`).join(", ")}`,
    hint: "storm-lab lab list",
    exitCode: exitCodes.usage,
  });
}

/** Of the lab that was started last. Throws SL-LAB-NONE. */
export function currentSession(desk: Desk): LabSession {
  const { current } = desk.file.progress;
  const lab = labTable.find(({ id }) => id === current);
  if (lab !== undefined) return sessionOf(desk, lab);
  throw new StormLabError({
    code: "SL-LAB-NONE",
    what: "no lab is under way",
    why: "none was started here yet",
    hint: "storm-lab lab start 1",
    exitCode: exitCodes.usage,
  });
}

export function sessionOf(desk: Desk, lab: Lab): LabSession {
  return new LabSession(desk.runtime, lab, desk.file, () => openCluster(desk, lab));
}

/** The one named now, else the lab's own, else the only one. Throws SL-CLUSTER-NONE, SL-CLUSTER-WHICH. */
export async function openCluster({ context, input, place, file }: Desk, lab: Lab): Promise<LabCluster> {
  const own = file.progress.labs.get(lab.id)?.cluster ?? null;
  const name = namedCluster(input) ?? own ?? (await onlyCluster(place));
  return new LabCluster(place, await loadCluster(place, name), context.interrupted);
}

export function textsOf({ runtime, root }: Desk, lab: Lab): Promise<LabTexts> {
  return readLabTexts(runtime, root, lab);
}

export async function pageOf(desk: Desk, lab: Lab): Promise<Page> {
  const { context, say } = desk;
  return { context, say, text: (await textsOf(desk, lab))[context.globals.language] };
}

/** One line of JSON instead of text, where that is wanted. */
export function told({ context }: Desk, text: string, data: Readonly<Record<string, unknown>>): void {
  const isText = context.globals.output === "text";
  context.stdout.write(isText ? text : `${JSON.stringify({ v: 1, ...data })}\n`);
}

function labsRoot(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const built = join(here, "..", "labs");
  return existsSync(join(built, "lab-table.ts")) ? built : join(here, "..", "..", "..", "..", "labs");
}

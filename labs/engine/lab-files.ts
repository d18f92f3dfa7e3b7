/** A lab's files: its texts, and what is laid into the student's folder. */
import { createHash } from "node:crypto";
import { exitCodes, type Runtime, StormLabError } from "../../src/base/index.ts";
import { type Language, languages } from "../../src/language/index.ts";
import type { Lab } from "./lab.ts";
import { type LabText, parseLabText } from "./lab-text.ts";

/** Where the student's own files lie after a reset. */
export const keptFolder = "before-reset";

export type LabTexts = Readonly<Record<Language, LabText>>;

/** `root`: the folder `labs/` of the installed package. */
export async function readLabTexts(runtime: Runtime, root: string, lab: Lab): Promise<LabTexts> {
  const read = async (language: Language) => {
    const bytes = await runtime.fs.readFile(`${root}/${lab.id}/${language}.md`);
    return [language, parseLabText(new TextDecoder().decode(bytes))] as const;
  };
  return Object.fromEntries(await Promise.all(languages.map(read))) as LabTexts;
}

/** The files of the starter or the solution, by the name that they get in the student's folder. */
export async function labFiles(
  { fs }: Runtime,
  root: string,
  lab: Lab,
  which: "starter" | "solution",
): Promise<ReadonlyMap<string, Uint8Array>> {
  const folder = `${root}/${lab[which]}`;
  const paths = [...(await fs.list(folder)).map((name) => `${folder}/${name}`)];
  if (which === "starter") paths.push(...(lab.files ?? []).map((path) => `${root}/${path}`));
  const files = new Map<string, Uint8Array>();
  for (const path of paths) {
    if ((await fs.stat(path))?.kind === "file")
      files.set(path.slice(path.lastIndexOf("/") + 1), await fs.readFile(path));
  }
  return files;
}

/** Tells one version of a lab from another: of everything that a student sees of it. */
export async function labContent(runtime: Runtime, root: string, lab: Lab): Promise<string> {
  const hash = createHash("sha256");
  for (const language of languages) hash.update(await runtime.fs.readFile(`${root}/${lab.id}/${language}.md`));
  for (const which of ["starter", "solution"] as const)
    for (const [name, bytes] of await labFiles(runtime, root, lab, which))
      hash.update(`${which} ${name}\n`).update(bytes);
  return hash.digest("hex").slice(0, 16);
}

/** Lays files into a folder. One that is there with other contents is moved to `before-reset/`, and its name is told. */
export async function layFiles(
  { fs }: Runtime,
  files: ReadonlyMap<string, Uint8Array>,
  folder: string,
): Promise<string[]> {
  await fs.makeDirectory(folder);
  const kept: string[] = [];
  for (const [name, bytes] of files) {
    const path = `${folder}/${name}`;
    const isThere = (await fs.stat(path)) !== null;
    if (isThere && Buffer.compare(await fs.readFile(path), bytes) === 0) continue;
    if (isThere) {
      await fs.makeDirectory(`${folder}/${keptFolder}`);
      await fs.rename(path, `${folder}/${keptFolder}/${name}`);
      kept.push(name);
    }
    await fs.writeFile(path, bytes);
  }
  return kept;
}

/** Throws SL-LAB-FOLDER when there is something in it already. */
export async function requireEmpty({ fs }: Runtime, folder: string): Promise<void> {
  const stat = await fs.stat(folder);
  if (stat === null || (stat.kind === "directory" && (await fs.list(folder)).length === 0)) return;
  throw new StormLabError({
    code: "SL-LAB-FOLDER",
    what: `${folder} is there already, and has something in it`,
    why: "a lab's files are not mixed with others",
    hint: "storm-lab lab start LAB --folder OTHER",
    exitCode: exitCodes.conflict,
  });
}

/** Newest change of a file in the folder; 0: there is none. */
export async function lastChangeMs({ fs }: Runtime, folder: string): Promise<number> {
  if ((await fs.stat(folder))?.kind !== "directory") return 0;
  const stats = await Promise.all((await fs.list(folder)).map((name) => fs.stat(`${folder}/${name}`)));
  return Math.max(0, ...stats.flatMap((stat) => (stat?.kind === "file" ? [stat.modifiedMs] : [])));
}

/** The folders, configurations and scripts of an ensemble. */
import type { Runtime } from "../../src/base/index.ts";
import { makeExecutable, type WantedFile } from "../plan/wanted-file.ts";
import { type EnsembleLayout, zooConfigText } from "./layout.ts";
import { zkServerScript } from "./script.ts";

/** `program`: the words that start storm-lab. Pure. */
export function ensembleFiles(layout: EnsembleLayout, program: readonly string[]): WantedFile[] {
  return layout.seats.flatMap((seat) => [
    { path: `${seat.dataDir}/myid`, text: `${seat.id}\n` },
    { path: seat.scriptFile, text: zkServerScript(seat, program), executable: true },
    { path: seat.configFile, text: zooConfigText(layout, seat) },
  ]);
}

export function ensembleFolders(layout: EnsembleLayout): string[] {
  return layout.seats.flatMap(({ home, dataDir, dataLogDir }) => [
    `${home}/conf`,
    `${home}/bin`,
    `${home}/logs`,
    dataDir,
    dataLogDir,
  ]);
}

/** What lies there is overwritten; data is left alone. */
export async function writeEnsemble(
  runtime: Runtime,
  layout: EnsembleLayout,
  program: readonly string[],
): Promise<void> {
  for (const folder of ensembleFolders(layout)) await runtime.fs.makeDirectory(folder);
  const files = ensembleFiles(layout, program);
  for (const { path, text } of files) await runtime.fs.writeFile(path, Buffer.from(text));
  await makeExecutable(
    runtime,
    files.filter(({ executable }) => executable === true).map(({ path }) => path),
  );
}

/** Writes the folders, configurations and scripts of an ensemble. */
import type { Runtime } from "../../src/base/index.ts";
import { type EnsembleLayout, zooConfigText } from "./layout.ts";
import { zkServerScript } from "./script.ts";

/** `program`: the words that start storm-lab. What lies there is overwritten; data is left alone. */
export async function writeEnsemble(
  runtime: Runtime,
  layout: EnsembleLayout,
  program: readonly string[],
): Promise<void> {
  for (const seat of layout.seats) {
    for (const folder of [
      `${seat.home}/conf`,
      `${seat.home}/bin`,
      `${seat.home}/logs`,
      seat.dataDir,
      seat.dataLogDir,
    ]) {
      await runtime.fs.makeDirectory(folder);
    }
    await runtime.fs.writeFile(`${seat.dataDir}/myid`, Buffer.from(`${seat.id}\n`));
    await runtime.fs.writeFile(seat.scriptFile, Buffer.from(zkServerScript(seat, program)));
    await runtime.fs.writeFile(seat.configFile, Buffer.from(zooConfigText(layout, seat)));
  }
  const scripts = layout.seats.map(({ scriptFile }) => scriptFile);
  await (await runtime.processes.spawn({ program: "chmod", args: ["755", ...scripts] })).exited;
}

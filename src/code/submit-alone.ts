/**
 * A program that was started by itself, `node driver.ts`, submits through `storm-lab submit`: that runs the program once more, packs its
 * code while it loads it, and stops it at the same submit.
 */
import { fileURLToPath } from "node:url";
import { exitCodes, realRuntime, StormLabError } from "../base/index.ts";

/** Tells `storm-lab submit` which of the program's submits is meant; the ones before it were done. */
export const submissionVariable = "STORM_LAB_SUBMISSION";

const bundled = !import.meta.url.endsWith(".ts");
const program = fileURLToPath(new URL(bundled ? "../bin/storm-lab.mjs" : "../../bin/storm-lab.mjs", import.meta.url));

let submissions = 0;

/** Resolves when the cluster has taken it. Throws SL-PROGRAM-ALONE, SL-PROGRAM-SUBMIT. */
export async function submitAlone(name: string): Promise<void> {
  const [, file, ...args] = process.argv;
  if (file === undefined) throw alone(name);
  submissions++;
  const runtime = realRuntime({ name: "submit", self: { command: [process.execPath, program] } });
  const child = await runtime.processes.spawn({
    program: "storm-lab",
    args: ["submit", file, ...args],
    env: { [submissionVariable]: String(submissions) },
  });
  const { code } = await child.exited;
  if (code !== exitCodes.done) throw refused(name, file, code);
}

function alone(name: string): StormLabError {
  return new StormLabError({
    code: "SL-PROGRAM-ALONE",
    what: `"${name}" is not submitted: the program is no file`,
    why: "its code must be packed for the workers, which load it again",
    hint: "write it into a file: node driver.ts, or npx storm-lab submit driver.ts",
    exitCode: exitCodes.usage,
  });
}

function refused(name: string, file: string, code: number | null): StormLabError {
  return new StormLabError({
    code: "SL-PROGRAM-SUBMIT",
    what: `"${name}" is not submitted`,
    why: `storm-lab submit ${file} ended with ${code ?? "a signal"}; what it said stands above`,
    hint: "mend what it names; without a cluster: npx storm-lab local FILE",
    exitCode: exitCodes.refused,
  });
}

/** The child of the process suite as a real process. */
import { realRuntime } from "../../../src/base/index.ts";
import { childProgram } from "./child-program.ts";

const command = [process.execPath, ...process.execArgv, process.argv[1] ?? ""];
const runtime = realRuntime({ name: "child", self: { command } });
const env: Record<string, string> = {};
for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
process.exit(await childProgram(runtime, process.argv.slice(2), env));

/** One case in its own process: `node bench/word-count/case.ts NAME WARM_UP_MS MEASURE_MS`. */
import { cases } from "./cases.ts";

const [name = "", warmUpMs = "3000", measureMs = "5000"] = process.argv.slice(2);
const run = cases[name];
if (run === undefined) throw new Error(`no case is called ${JSON.stringify(name)}: ${Object.keys(cases).join(" | ")}`);
const figures = await run({ warmUpMs: Number(warmUpMs), measureMs: Number(measureMs) });
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));

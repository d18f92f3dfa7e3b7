/**
 * `node scripts/run.mjs FILE ARGS…` prepares the checkout and runs FILE on the Node that npm carried. Every npm
 * script goes through it rather than through pre-scripts, which npm leaves out when install scripts are disabled.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { relay } from "../bin/relay.mjs";
import { prepare } from "./prepare.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [file, ...args] = process.argv.slice(2);
const node = prepare(root);
relay(node, [join(root, file), ...args], (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});

/**
 * `node scripts/run.mjs FILE ARGS…` prepares the checkout and runs FILE on a Node that is new enough. Every npm
 * script goes through it rather than through pre-scripts, which npm leaves out when install scripts are disabled.
 */
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { relay } from "../bin/relay.mjs";
import { prepare } from "./prepare.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [name, ...args] = process.argv.slice(2);
const node = prepare(root);
const file = join(root, name);
if (node === process.execPath) {
  process.argv.splice(1, 2, file);
  await import(pathToFileURL(file).href);
} else {
  relay(node, [file, ...args], (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}

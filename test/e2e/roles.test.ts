/** One program, many roles: a command pays only for what it does. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { repositoryRoot } from "../kit/index.ts";

const dist = join(repositoryRoot, "dist");

describe("the program, before it knows its command", () => {
  it("has loaded no package but the reader of command lines", () => {
    const { packages, chunks } = loadedWith("cli.js");
    assert.deepEqual(packages, ["commander"]);
    assert.ok(chunks.length > 1, "it is cut into chunks at all");
  });

  it("leaves most of itself on the disk", () => {
    const loaded = loadedWith("cli.js").chunks;
    const all = allChunks("cli.js");
    assert.ok(bytesOf(loaded) < 0.5 * bytesOf(all), `${bytesOf(loaded)} of ${bytesOf(all)} bytes`);
  });
});

describe("the package that topologies import", () => {
  it("has loaded no package at all", () => {
    assert.deepEqual(loadedWith("index.js").packages, []);
  });
});

/** What a file of dist loads before it runs, through static imports. */
function loadedWith(entry: string): { packages: string[]; chunks: string[] } {
  const chunks = new Set<string>();
  const packages = new Set<string>();
  const visit = (name: string): void => {
    if (chunks.has(name)) return;
    chunks.add(name);
    for (const specifier of staticImports(name)) {
      if (specifier.startsWith("./")) visit(specifier.slice(2));
      else if (!specifier.startsWith("node:")) packages.add(specifier);
    }
  };
  visit(entry);
  return { packages: [...packages].sort(), chunks: [...chunks] };
}

function allChunks(entry: string): string[] {
  const chunks = new Set([entry]);
  for (const name of chunks) {
    for (const [, next = ""] of text(name).matchAll(/"\.\/((?:chunk-|[\w-]+-)[A-Z0-9]+\.js)"/g)) chunks.add(next);
  }
  return [...chunks];
}

function staticImports(name: string): string[] {
  return [...text(name).matchAll(/^(?:import|export)\s*(?:[^"']*?\sfrom\s*)?["']([^"']+)["'];$/gm)].map(
    ([, specifier = ""]) => specifier,
  );
}

function text(name: string): string {
  return readFileSync(join(dist, name), "utf8");
}

function bytesOf(names: readonly string[]): number {
  return names.map((name) => text(name).length).reduce((total, length) => total + length, 0);
}

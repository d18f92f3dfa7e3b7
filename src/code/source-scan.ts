/**
 * Files that a source names without having loaded them: `import("./late.ts")`, `require("./late.cjs")`, and data by
 * `new URL("./words.txt", import.meta.url)`. Only texts in quotes can be seen; a name that is put together while the code runs cannot.
 */

export interface Mention {
  readonly kind: "import" | "require" | "data";
  readonly specifier: string;
}

const quoted = String.raw`(["'\`])((?:(?!\1)[^\n$\\])+)\1`;

const patterns: ReadonlyArray<readonly [Mention["kind"], RegExp]> = [
  // `import type` and `export type` are gone when the types are.
  [
    "import",
    new RegExp(String.raw`(?<=^|[;}\n])\s*(?:import|export)\b(?!\s+type\b)(?:[^"'\`;()=]*?\bfrom)?\s*${quoted}`, "g"),
  ],
  ["import", new RegExp(String.raw`\bimport\s*\(\s*${quoted}`, "g")],
  ["require", new RegExp(String.raw`\brequire\s*\(\s*${quoted}\s*\)`, "g")],
  ["data", new RegExp(String.raw`\bnew\s+URL\s*\(\s*${quoted}\s*,\s*import\.meta\.url\s*\)`, "g")],
];

/** In the order of the kinds, each once. A comment line is not looked at; other places where no code stands may be found too. */
export function mentionsIn(source: string): Mention[] {
  const found = new Map<string, Mention>();
  for (const [kind, pattern] of patterns) {
    for (const match of source.matchAll(pattern)) {
      const specifier = match[2] as string;
      const at = match.index + match[0].length;
      if (!isCommentLine(source, at)) found.set(`${kind} ${specifier}`, { kind, specifier });
    }
  }
  return [...found.values()];
}

function isCommentLine(source: string, at: number): boolean {
  return /^\s*(\/\/|\/?\*)/.test(source.slice(source.lastIndexOf("\n", at - 1) + 1, at));
}

/** Words that have no place in finished work, and paths and hosts that exist on one machine only. */
import type { Rule } from "../rule.ts";
import { linesWith } from "./language.ts";

/** Joined here, so that this file does not object to itself. */
const unfinished = [
  ["\\bTO", "DO\\b"],
  ["\\bFIX", "ME\\b"],
  ["\\bX", "XX\\b"],
  ["\\b[Ff]or ", "now\\b"],
  ["\\b[Pp]lace", "holder"],
  ["\\b[Nn]ot (yet )?", "implemented\\b"],
  ["\\b[Ss]t", "ub(s|bed)?\\b"],
  ["\\b[Ll]orem ", "ipsum\\b"],
].map((parts) => parts.join(""));

const machinePaths = ["/wo", "rk/"].join("");
const rootPaths = ["/ro", "ot/"].join("");

/** Texts that are data: word lists, the text that is counted. */
const isData = (path: string): boolean => /\.txt$/.test(path);

export const wordRules: readonly Rule[] = [
  {
    name: "is finished",
    check: ({ path, text }) =>
      isData(path) ? [] : linesWith(text, new RegExp(unfinished.join("|")), "finish it, or leave it out"),
    bad: [
      ["src/base/a.ts", `// TO${"DO"}: later`],
      ["src/base/a.ts", `// good enough for ${"now"}`],
      ["docs/a.md", `This is not yet ${"implemented"}.`],
      ["src/base/a.ts", `const st${"ub"} = 1;`],
    ],
    good: [["src/base/a.ts", "// stubborn, todo, implemented"]],
  },
  {
    name: "names no machine's own paths and no package registry",
    check: ({ path, text }) => [
      ...linesWith(
        text,
        new RegExp(`(^|[\\s"'\`(=:])(${machinePaths}|${rootPaths}|/home/\\w+/|/Users/\\w+/)`),
        "a path of one machine",
      ),
      ...(isData(path) ? [] : linesWith(text, /\bregistry\.[a-z0-9-]+\.[a-z]{2,}/, "a registry's host name")),
      ...(path.endsWith("package-lock.json")
        ? linesWith(text, /"resolved":/, "an address that other machines may not have")
        : []),
    ],
    bad: [
      ["docs/a.md", `See ${machinePaths}main.`],
      ["src/base/a.ts", `const a = "${rootPaths}x";`],
      ["src/base/a.ts", `const a = "/home/${"somebody"}/x";`],
      ["package-lock.json", `"re${"solved"}": "https://x"`],
      ["docs/a.md", `from registry.${"example"}.org`],
    ],
    good: [["docs/a.md", "work/main and node_modules/root/ and ../error-registry.ts"]],
  },
];

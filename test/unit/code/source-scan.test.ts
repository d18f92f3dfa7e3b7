import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mentionsIn } from "../../../src/code/source-scan.ts";

const specifiers = (source: string) => mentionsIn(source).map(({ kind, specifier }) => `${kind} ${specifier}`);

describe("a source's mentions of other files", () => {
  it("are its imports, in any form", () => {
    const source = `
import a from "./a.ts"; import * as b from './b.ts';
import { c,
  type d } from "c";
import "./e.ts";
export { f } from "./f.ts"; export * from "@scope/g/h";
import{i}from"./i.js";export{j}from"./j.js";
const k = await import("./k.ts"), l = await import( 'l' );
const m = require("./m.cjs");
`;
    assert.deepEqual(specifiers(source), [
      "import ./a.ts",
      "import ./b.ts",
      "import c",
      "import ./e.ts",
      "import ./f.ts",
      "import @scope/g/h",
      "import ./i.js",
      "import ./j.js",
      "import ./k.ts",
      "import l",
      "require ./m.cjs",
    ]);
  });

  it("are its data", () => {
    const source = 'read(new URL("../text/words.txt", import.meta.url)); new URL("http://x"); new URL("./no", base);';
    assert.deepEqual(specifiers(source), ["data ../text/words.txt"]);
  });

  it("are not types, comments, texts, or what is put together", () => {
    const source = `
import type { A } from "./a.ts"; export type { B } from "./b.ts";
// import "./c.ts"
/* import("./d.ts") */
 * require("./e.ts")
const f = "import g"; export const h = "./i.ts";
await import(\`./\${j}.ts\`); require(k); important("l");
`;
    assert.deepEqual(specifiers(source), []);
  });
});

/** A golden text beside the tests; `npm test -- unit/tui --rewrite` writes it anew. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export function goldenText(name: string, text: string): void {
  const path = join(import.meta.dirname, name);
  if (process.env.STORM_LAB_REWRITE === "1") writeFileSync(path, text);
  assert.equal(text, readFileSync(path, "utf8"));
}

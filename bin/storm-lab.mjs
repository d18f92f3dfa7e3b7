#!/usr/bin/env node
/** The command `storm-lab`: makes sure the Node below is new enough, then loads the program. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findModernNode, renderError, renderNodeTooOld } from "./modern-node.mjs";
import { relay } from "./relay.mjs";

const self = fileURLToPath(import.meta.url);
const program = join(dirname(self), "..", "dist", "cli.js");

const node = findModernNode(dirname(self));
if (node === undefined) {
  refuse(renderNodeTooOld(), 10);
} else if (!existsSync(program)) {
  refuse(
    renderError("SL-NOT-BUILT", "dist/cli.js is missing", "this is a checkout that was not built", "npm run build"),
    3,
  );
} else if (node === process.execPath) {
  if (wantsStacks()) process.setSourceMapsEnabled(true);
  await import("../dist/cli.js");
} else {
  relay(node, [self, ...process.argv.slice(2)], () => refuse(renderNodeTooOld(), 10));
}

/** Only code that is loaded afterwards is traced back to its sources, and every stack costs more. */
function wantsStacks() {
  const asked = process.env.STORM_LAB_VERBOSE ?? "";
  return process.argv.some((word) => word === "--verbose" || word === "-v") || !["", "0", "false"].includes(asked);
}

function refuse(text, exitCode) {
  process.stderr.write(text);
  process.exitCode = exitCode;
}

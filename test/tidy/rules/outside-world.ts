/** Time, chance, sockets, files and processes come in through the Runtime door. */
import ts from "typescript";
import type { SourceFile } from "../repository.ts";
import { importsOf, lineOf, type Rule, walk } from "../rule.ts";

/** Node's modules that only compute. All others reach out of the process. */
const pureModules = new Set(
  [
    "assert",
    "assert/strict",
    "async_hooks",
    "buffer",
    "crypto",
    "events",
    "module",
    "path",
    "string_decoder",
    "url",
    "util",
    "zlib",
  ].map((name) => `node:${name}`),
);

/** Where the outside world may be touched; the page runs in a browser, which is its world. */
const openPlaces = ["src/base/runtime/real/", "src/cli/", "src/page/", "scripts/", "bin/", "bench/", "test/kit/"];

/** A call or value, and what to use instead. */
const closed: readonly [banned: string, instead: string][] = [
  ["console.*", "runtime.log"],
  ["Date.now", "runtime.clock.nowMs"],
  ["performance.now", "runtime.clock.monotonicMs"],
  ["process.hrtime", "runtime.clock.monotonicMs"],
  ["setTimeout", "runtime.timers.after"],
  ["setInterval", "runtime.timers.every"],
  ["setImmediate", "runtime.timers.soon"],
  ["process.nextTick", "queueMicrotask, or runtime.timers.soon"],
  ["Math.random", "runtime.random"],
  ["crypto.randomBytes", "runtime.random.bytes"],
  ["crypto.randomUUID", "runtime.random.bytes"],
  ["process.exit", "an error that src/cli turns into the exit code"],
  ["process.env", "an option that src/cli reads"],
  ["process.stdout", "the terminal that src/cli passes on"],
  ["process.stderr", "runtime.log"],
  ["process.on", "runtime.processes.onSignal"],
  ["process.kill", "runtime.processes.signal"],
  ["process.pid", "runtime.processes.pid"],
  ["fetch", "runtime.net"],
];

/** What no test may do either: it would wait for the clock, or hang on luck. Processes and the environment are theirs. */
const closedInTests = ["console.*", "Date.now", "performance.now", "setTimeout", "setInterval", "Math.random"];

/** Labs are what authors write, and authors print. */
const openInLabs = ["console.*"];

export const outsideWorldRules: readonly Rule[] = [
  {
    name: "leaves Node's own doors to the outside to src/base/runtime/real",
    check: (file) => {
      if (isOpen(file.path) || file.path.startsWith("test/") || file.path.startsWith("labs/")) return [];
      return importsOf(file)
        .filter(({ specifier, typeOnly }) => specifier.startsWith("node:") && !pureModules.has(specifier) && !typeOnly)
        .map(({ specifier, line }) => `line ${line}: ${specifier}; it comes through the Runtime`);
    },
    bad: [
      ["src/topology/a.ts", 'import { readFile } from "node:fs/promises";'],
      ["src/transport/a.ts", 'import net from "node:net";'],
      ["src/executor/a.ts", 'const { spawn } = await import("node:child_process");'],
      ["src/base/runtime/simulated/a.ts", 'import "node:timers";'],
    ],
    good: [
      ["src/base/runtime/real/a.ts", 'import net from "node:net";'],
      ["src/topology/a.ts", 'import { join } from "node:path";'],
      ["src/topology/a.ts", 'import type { Socket } from "node:net";'],
    ],
  },
  {
    name: "asks the Runtime for time, chance, environment and output",
    check: (file) => (isOpen(file.path) ? [] : bannedUses(file)),
    bad: [
      ...closed.map(([banned]): [string, string] => ["src/topology/a.ts", `const x = ${banned.replace("*", "log")};`]),
      ["labs/word-count/a.ts", "process.exit(1);"],
      ["src/topology/a.ts", "const now = new Date();"],
      ["src/topology/a.ts", "globalThis.setTimeout(f, 1);"],
      ["test/unit/base/a.test.ts", "await new Promise((resolve) => setTimeout(resolve, 50));"],
      ["test/unit/base/a.test.ts", "const seed = Math.random();"],
      ["src/base/runtime/simulated/a.ts", "Math.random();"],
    ],
    good: [
      ["src/base/runtime/real/a.ts", "setTimeout(f, Date.now());"],
      ["src/topology/a.ts", "const then = new Date(nowMs); clock.now(); x.setTimeout(5); this.process.on(1);"],
      ["test/e2e/a.test.ts", "process.kill(process.pid, 0); setImmediate(f);"],
      ["labs/word-count/a.ts", "console.log(map);"],
      ["src/topology/a.ts", "class C { setTimeout(ms: number) {} }"],
    ],
  },
];

function isOpen(path: string): boolean {
  return openPlaces.some((place) => path.startsWith(place));
}

function bannedUses(file: SourceFile): string[] {
  const found: string[] = [];
  const inTests = file.path.startsWith("test/");
  const isLab = file.path.startsWith("labs/");
  const bans = closed.filter(([banned]) =>
    inTests ? closedInTests.includes(banned) : !(isLab && openInLabs.includes(banned)),
  );
  walk(file.tree, (node) => {
    const used = globalUse(node);
    const ban = used === undefined ? undefined : bans.find(([banned]) => matches(banned, used));
    if (ban !== undefined) found.push(`line ${lineOf(file, node)}: ${used}; use ${ban[1]}`);
    if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "Date") {
      if ((node.arguments?.length ?? 0) === 0)
        found.push(`line ${lineOf(file, node)}: new Date(); use runtime.clock.nowMs`);
    }
  });
  return found;
}

/** `setTimeout` or `Math.random` where the name stands for the global, not for a member or a declaration. */
function globalUse(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    return node.expression.text === "globalThis" ? node.name.text : `${node.expression.text}.${node.name.text}`;
  }
  if (!ts.isIdentifier(node)) return undefined;
  const { parent } = node;
  const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
  const isName = "name" in parent && parent.name === node;
  return isMember || isName || ts.isQualifiedName(parent) || ts.isTypeReferenceNode(parent) ? undefined : node.text;
}

function matches(banned: string, used: string): boolean {
  return banned.endsWith(".*") ? used.startsWith(banned.slice(0, -1)) : used === banned;
}

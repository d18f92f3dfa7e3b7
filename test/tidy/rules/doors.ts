/** Rooms are entered by their doors, and only from rooms that may. */
import { isDoor, nameOf, outbuildings, type Room, roomOf } from "../rooms.ts";
import { importsOf, type Rule } from "../rule.ts";

export const doorRules: readonly Rule[] = [
  {
    name: "opens only doors that the table of rooms allows",
    check: (file) => {
      const own = roomOf(file.path);
      if (own === undefined) return [];
      return importsOf(file).flatMap(({ target, line }) => {
        const other = target === undefined ? undefined : roomOf(target);
        if (target === undefined || other === own) return [];
        if (other === undefined) {
          return target === "package.json" ? [] : [`line ${line}: ${target} belongs to no room`];
        }
        if (own.mayImport.includes(nameOf(other))) return [];
        return [`line ${line}: ${own.path} may not import ${other.path}`];
      });
    },
    bad: [
      ["src/base/a.ts", 'import { x } from "../topology/index.ts";'],
      ["src/executor/a.ts", 'import type { X } from "../transport/index.ts";'],
      ["src/topology/deep/a.ts", 'export { x } from "../../zookeeper/index.ts";'],
      ["src/transport/a.ts", 'const { x } = await import("../cli/index.ts");'],
      ["src/base/a.ts", 'import { x } from "../../test/kit/index.ts";'],
      ["labs/word-count/a.ts", 'import { x } from "../../src/topology/index.ts";'],
      ["src/base/a.ts", 'type X = import("../topology/index.ts").X;'],
    ],
    good: [
      ["src/topology/a.ts", 'import { x } from "../base/index.ts";'],
      ["src/base/a.ts", 'import { x } from "./b.ts"; import "node:path";'],
      ["labs/word-count/a.ts", 'import { x } from "storm-lab"; import { y } from "./b.ts";'],
    ],
  },
  {
    name: "enters another room by its door",
    check: (file) =>
      importsOf(file).flatMap(({ target, line }) => {
        const other = target === undefined ? undefined : roomOf(target);
        if (target === undefined || other === undefined || other === roomOf(file.path) || isDoor(other, target))
          return [];
        if (testsInside(file.path, other)) return [];
        return [`line ${line}: ${target} is not a door of ${other.path}: ${other.doors.join(", ")}`];
      }),
    bad: [
      ["src/topology/a.ts", 'import { x } from "../base/errors.ts";'],
      ["scripts/a.ts", 'import { x } from "../src/base/errors.ts";'],
      ["test/unit/topology/a.test.ts", 'import { x } from "../../../src/base/errors.ts";'],
      ["test/e2e/base/a.test.ts", 'import { x } from "../../../src/base/errors.ts";'],
    ],
    good: [
      ["src/transport/a.ts", 'import { x } from "../wire/tuple/index.ts";'],
      ["test/unit/base/a.test.ts", 'import { x } from "../../../src/base/errors.ts";'],
      ["bench/a.ts", 'import { x } from "../src/base/index.ts";'],
    ],
  },
  {
    name: "lies in a room or an outbuilding",
    check: ({ path }) => {
      const known =
        roomOf(path) !== undefined || ["bin", ...outbuildings].some((folder) => path.startsWith(`${folder}/`));
      return known ? [] : ["no row of the table of rooms (test/tidy/rooms.ts, docs/architecture.md) has this folder"];
    },
    bad: [
      ["src/attic/a.ts", ""],
      ["src/loose.ts", ""],
    ],
    good: [
      ["src/base/a.ts", ""],
      ["scripts/a.ts", ""],
      ["src/index.ts", ""],
    ],
  },
];

/** Tests of one room may look inside it; those of the whole program see only doors. */
function testsInside(path: string, room: Room): boolean {
  return ["unit", "contract", "sim", "scenarios"].some((kind) => path.startsWith(`test/${kind}/${nameOf(room)}/`));
}

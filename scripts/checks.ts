/** The checks that other tools make: types, format and common faults, promises. `npm run lint` and `npm test` run them. */
import { join } from "node:path";

export interface Check {
  readonly name: string;
  /** Arguments of node; paths are relative to the repository. */
  readonly args: readonly string[];
}

const types = ["--noEmit", "--incremental", "--tsBuildInfoFile", "node_modules/.cache/types.json", "-p", "."];
const typedFolders = ["src", "provision", "labs", "test", "bench", "scripts"];

export const checks: readonly Check[] = [
  { name: "types (tsc)", args: [packageFile("typescript/bin/tsc"), ...types] },
  { name: "types of the page (tsc)", args: [packageFile("typescript/bin/tsc"), "--noEmit", "-p", "src/page"] },
  { name: "format and lint (biome)", args: [packageFile("@biomejs/biome/bin/biome"), "check", "--error-on-warnings"] },
  {
    name: "promises (eslint)",
    args: [packageFile("eslint/bin/eslint.js"), "--no-error-on-unmatched-pattern", ...typedFolders],
  },
];

function packageFile(path: string): string {
  return join("node_modules", path);
}

/** What is wrong with a bundle, or in its way. */
import { exitCodes, StormLabError } from "../../../base/index.ts";

export function damaged(file: string, why: string): StormLabError {
  return new StormLabError({
    code: "SL-BUNDLE-DAMAGED",
    what: `${file} was not unpacked: ${why}`,
    why: "it was cut off or changed on its way, or storm-lab bundle export did not write it",
    hint: "copy it once more, and compare the sizes",
    exitCode: exitCodes.preflight,
  });
}

export function inTheWay(path: string): StormLabError {
  return new StormLabError({
    code: "SL-BUNDLE-EXISTS",
    what: `${path} is there already`,
    why: "bundle overwrites nothing",
    hint: "name another place, or remove it",
    exitCode: exitCodes.conflict,
  });
}

export function incomplete(name: string): StormLabError {
  return new StormLabError({
    code: "SL-BUNDLE-INCOMPLETE",
    what: `${name} is not installed beside storm-lab, so a bundle would not work`,
    why: "packages were removed or left out, or this checkout was not built",
    hint: "npm ci && npm run build",
    exitCode: exitCodes.preflight,
  });
}

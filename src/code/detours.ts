/** Imports that led elsewhere on the author's machine than Node looks, such as to linked packages, lead to the same files here. */
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { RecordedImport } from "./import-record.ts";

/** `imports`: with paths from `resources`. For the life of the process. */
export function followDetours(resources: string, imports: readonly RecordedImport[]): void {
  const targets = new Map<string, string>();
  for (const { from, to, specifier, require } of imports) {
    const file = realUrl(join(resources, from));
    targets.set(JSON.stringify([file, specifier, require]), realUrl(join(resources, to)));
  }
  registerHooks({
    resolve: (specifier, context, next) => {
      const require = context.conditions?.includes("require") === true;
      const target = targets.get(JSON.stringify([context.parentURL, specifier, require]));
      return next(target === undefined ? specifier : require ? fileURLToPath(target) : target, context);
    },
  });
}

/** As Node names the file when it imports it: links are followed. */
function realUrl(path: string): string {
  return import.meta.resolve(pathToFileURL(path).href);
}

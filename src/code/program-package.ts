/**
 * `import … from "storm-lab"` in an author's file means the program that runs it, wherever the file lies. And a topology
 * that was installed as part of a package may be TypeScript too, which Node alone refuses below node_modules.
 */
import { registerHooks, stripTypeScriptTypes } from "node:module";

const bundled = !import.meta.url.endsWith(".ts");

/** What the package's specifiers stand for. */
const places = new Map([
  ["storm-lab", new URL(bundled ? "./index.js" : "../index.ts", import.meta.url).href],
  ["storm-lab/package.json", new URL(bundled ? "../package.json" : "../../package.json", import.meta.url).href],
]);

let resolving = false;

export function resolvePackageToThisProgram(): void {
  if (resolving) return;
  resolving = true;
  registerHooks({
    resolve: (specifier, context, next) => {
      const url = places.get(specifier);
      return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
    },
    load: (url, context, next) => {
      if (!/\.m?ts$/.test(url) || !url.includes("/node_modules/")) return next(url, context);
      const { source } = next(url, { ...context, format: "module" });
      return { format: "module", source: stripTypeScriptTypes(textOf(source)), shortCircuit: true };
    },
  });
}

export function isOwnPackage(specifier: string): boolean {
  return places.has(specifier);
}

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray | undefined): string {
  return typeof source === "string" ? source : new TextDecoder().decode(source);
}

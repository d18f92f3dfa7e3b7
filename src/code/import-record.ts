/**
 * What an author's module imports, as Node itself resolves it: whatever the entry reaches, and nothing that the program reaches by
 * itself. Only what is resolved after the record began is seen, so it begins before the entry is imported.
 */
import { createRequire, isBuiltin, registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isOwnPackage } from "./program-package.ts";

export interface RecordedImport {
  /** Paths of files. */
  readonly from: string;
  readonly to: string;
  readonly specifier: string;
  /** By `require`, which packages may answer with another file. */
  readonly require: boolean;
}

/** A question to Node: where does this specifier lead from that file? Asked by `import.meta.resolve`, which has no such parameter. */
const question = "storm-lab-resolve:";

export class ImportRecord {
  /** The file that the entry is; links to it are followed. */
  entry: string;
  readonly files = new Set<string>();
  readonly #imports = new Map<string, RecordedImport>();
  readonly #entryUrl: string;
  readonly #hooks: ReturnType<typeof registerHooks>;

  constructor(entry: string) {
    this.entry = entry;
    this.#entryUrl = pathToFileURL(entry).href;
    this.#hooks = registerHooks({
      resolve: (specifier, context, next) => {
        if (specifier.startsWith(question)) return this.#answer(specifier, context, next);
        const result = next(specifier, context);
        this.#note(specifier, context.parentURL, isRequire(context.conditions), result.url);
        return result;
      },
    });
  }

  /** Nothing is seen, nor answered, any more. Idempotent. */
  close(): void {
    this.#hooks.deregister();
  }

  get imports(): Iterable<RecordedImport> {
    return this.#imports.values();
  }

  /** The file that `specifier` means in `from`, which is then part of the record; undefined when there is none. */
  resolve(specifier: string, from: string, require: boolean): string | undefined {
    const known = this.#imports.get(keyOf(from, specifier, require));
    if (known !== undefined) return known.to;
    if (isBuiltin(specifier) || isOwnPackage(specifier)) return undefined;
    try {
      const url = require
        ? pathToFileURL(createRequire(from).resolve(specifier)).href
        : decodeURIComponent(
            import.meta.resolve(question + encodeURIComponent(JSON.stringify([specifier, from]))).slice(5),
          );
      this.#note(specifier, pathToFileURL(from).href, require, url);
    } catch {
      return undefined;
    }
    return this.#imports.get(keyOf(from, specifier, require))?.to;
  }

  /** `data:` and the answer, because only an address can be one. */
  #answer: Resolve = (specifier, context, next) => {
    const [wanted, from] = JSON.parse(decodeURIComponent(specifier.slice(question.length))) as [string, string];
    const { url } = next(wanted, { ...context, parentURL: pathToFileURL(from).href });
    return { url: `data:${encodeURIComponent(url)}`, shortCircuit: true };
  };

  #note(specifier: string, parentUrl: string | undefined, require: boolean, url: string): void {
    const to = pathOf(url);
    if (to === undefined || isOwnPackage(specifier)) return;
    if (specifier === this.#entryUrl) {
      this.entry = to;
      this.files.add(to);
      return;
    }
    const from = parentUrl === undefined ? undefined : pathOf(parentUrl);
    if (from === undefined || !this.files.has(from)) return;
    this.files.add(to);
    this.#imports.set(keyOf(from, specifier, require), { from, to, specifier, require });
  }
}

type Resolve = NonNullable<NonNullable<Parameters<typeof registerHooks>[0]>["resolve"]>;

function isRequire(conditions: readonly string[] | undefined): boolean {
  return conditions?.includes("require") === true;
}

function keyOf(from: string, specifier: string, require: boolean): string {
  return JSON.stringify([from, specifier, require]);
}

function pathOf(url: string): string | undefined {
  return url.startsWith("file:") ? fileURLToPath(url) : undefined;
}

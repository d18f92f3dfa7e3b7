/** `resources/storm-lab.json` of an archive: what it holds, and how a worker makes from it what the submit made. */
import { createHash } from "node:crypto";
import packageFile from "../../package.json" with { type: "json" };
import { messageOf } from "../base/index.ts";
import { archiveRefused, manifestVersion } from "./code-errors.ts";
import type { RecordedImport } from "./import-record.ts";

export interface Manifest {
  /** Of this file's form. */
  readonly version: number;
  /** The module, from `resources`. */
  readonly entry: string;
  /** By its default export, or by running it until it submits. */
  readonly build: "function" | "program";
  /** The topology's name: a program may submit several. */
  readonly name: string;
  readonly args: readonly string[];
  /** Of the submit. */
  readonly workingDirectory: string;
  /** Where the files lay on the author's machine: errors speak of them there. */
  readonly root: string;
  /** Imports that lead elsewhere than Node would look; from `resources`. */
  readonly imports: readonly RecordedImport[];
  /** SHA-256 of each file, by its path from `resources`. */
  readonly files: Readonly<Record<string, string>>;
  /** What packed it, for people. */
  readonly packedBy: { readonly stormLab: string; readonly node: string };
}

export const resourcesFolder = "resources";
export const manifestFile = "storm-lab.json";
export const formVersion = 1;
export const packedBy: Manifest["packedBy"] = { stormLab: packageFile.version, node: process.versions.node };

export function checksum(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Throws SL-CODE-ARCHIVE for a text that is none, SL-CODE-VERSION for one of another form. */
export function readManifest(text: string): Manifest {
  let value: Partial<Record<keyof Manifest, unknown>> | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch (error) {
    throw archiveRefused(`its ${manifestFile} is no JSON: ${messageOf(error)}`);
  }
  if (typeof value !== "object" || value === null) throw archiveRefused(`its ${manifestFile} is no object`);
  if (value.version !== formVersion) throw manifestVersion(value.version, value.packedBy);
  const wrong = Object.entries(shape).find(([key, holds]) => !holds(value[key as keyof Manifest]));
  if (wrong !== undefined) throw archiveRefused(`its ${manifestFile} has a wrong "${wrong[0]}"`);
  return value as unknown as Manifest;
}

const isText = (value: unknown): value is string => typeof value === "string";
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const shape: Readonly<Record<keyof Manifest, (value: unknown) => boolean>> = {
  version: (value) => typeof value === "number",
  entry: isText,
  build: (value) => value === "function" || value === "program",
  name: isText,
  args: (value) => Array.isArray(value) && value.every(isText),
  workingDirectory: isText,
  root: isText,
  imports: (value) => Array.isArray(value) && value.every(isImport),
  files: (value) => isObject(value) && Object.values(value).every(isText),
  packedBy: isObject,
};

function isImport(value: unknown): boolean {
  if (!isObject(value)) return false;
  return isText(value.from) && isText(value.to) && isText(value.specifier) && typeof value.require === "boolean";
}

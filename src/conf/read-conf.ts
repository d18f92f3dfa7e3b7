/**
 * storm.yaml and `-c key=value`, with Storm's precedence: defaults < file < command line. Source: Storm's ConfigUtils.readStormConfig and
 * Utils.readCommandLineOpts, 2.8.
 */
import { exitCodes, FsError, messageOf, type Runtime, StormLabError } from "../base/index.ts";
import type { Conf } from "../topology/index.ts";
import { checkConf, StormConf } from "./storm-conf.ts";
import { parseYaml } from "./yaml-text.ts";

export interface ConfSources {
  /** `--config`; it has to be there. Null: the first of `candidates` that is there, or none. */
  readonly file: string | null;
  readonly candidates: readonly string[];
  /** Each `key=value`. */
  readonly overrides: readonly string[];
}

export interface ReadConf {
  readonly conf: StormConf;
  /** The file that was read; null: none was there. */
  readonly file: string | null;
  readonly warnings: readonly string[];
}

/** Throws SL-CONF-FILE, SL-CONF-OVERRIDE, SL-CONF-VALUE, SL-CONF-REFUSED. */
export async function readStormConf(runtime: Runtime, sources: ConfSources): Promise<ReadConf> {
  const file = sources.file ?? (await firstThere(runtime, sources.candidates));
  const fromFile = file === null ? { values: {}, warnings: [] } : parseStormYaml(await readText(runtime, file), file);
  const overrides = parseOverrides(sources.overrides);
  const { warnings } = checkConf(overrides, () => "-c");
  const conf = new StormConf({ ...fromFile.values, ...overrides });
  return { conf, file, warnings: [...fromFile.warnings, ...warnings] };
}

/** Throws SL-CONF-FILE, SL-CONF-VALUE, SL-CONF-REFUSED; each names the line. */
export function parseStormYaml(text: string, file: string): { values: Conf; warnings: readonly string[] } {
  const yaml = parseYaml(text, "1.1");
  const [fault] = yaml.faults;
  if (fault !== undefined)
    throw notYaml(`${file}:${fault.line}:${fault.column} is not YAML: ${fault.message}`, fault.message);
  const { value } = yaml;
  if (value === null) return { values: {}, warnings: [] };
  if (typeof value !== "object" || Array.isArray(value))
    throw notYaml(
      `${file} holds ${Array.isArray(value) ? "a list" : "one text"} instead of keys with values`,
      "missing space after the colon",
    );
  const values = value as Conf;
  const { warnings } = checkConf(values, (key) => `${file}:${yaml.placeOf([key]).line}`);
  return { values, warnings };
}

/** A value is JSON if it parses as such, else a text, as for Storm's `-c`. Throws SL-CONF-OVERRIDE. */
export function parseOverrides(words: readonly string[]): Conf {
  return Object.fromEntries(
    words.map((word) => {
      const equals = word.indexOf("=");
      if (equals <= 0) throw badOverride(word);
      const text = word.slice(equals + 1);
      try {
        return [word.slice(0, equals).trim(), JSON.parse(text) as unknown];
      } catch {
        return [word.slice(0, equals).trim(), text];
      }
    }),
  );
}

async function firstThere(runtime: Runtime, candidates: readonly string[]): Promise<string | null> {
  for (const path of candidates) if ((await runtime.fs.stat(path))?.kind === "file") return path;
  return null;
}

async function readText(runtime: Runtime, file: string): Promise<string> {
  try {
    return Buffer.from(await runtime.fs.readFile(file)).toString("utf8");
  } catch (error) {
    throw new StormLabError({
      code: "SL-CONF-FILE",
      what: `the configuration ${file} cannot be read`,
      why: error instanceof FsError ? `the system says ${error.code}` : messageOf(error),
      hint: "give the path of a storm.yaml with --config",
      exitCode: exitCodes.usage,
      cause: error,
    });
  }
}

function notYaml(what: string, fault: string): StormLabError {
  const tab = /tab/i.test(fault);
  const colon = /implicit (map )?key|missing space/i.test(fault);
  return new StormLabError({
    code: "SL-CONF-FILE",
    what,
    why: tab
      ? "YAML is indented by spaces only"
      : colon
        ? "a colon, or a dash, must be followed by a space"
        : "the line, or the one before it, is not what YAML allows there",
    hint: "correct the line; a key looks like   nimbus.thrift.port: 6627",
    exitCode: exitCodes.usage,
  });
}

function badOverride(word: string): StormLabError {
  return new StormLabError({
    code: "SL-CONF-OVERRIDE",
    what: `-c ${word} has no key and value`,
    why: "it must look like key=value",
    hint: "-c nimbus.thrift.port=6627",
    exitCode: exitCodes.usage,
  });
}

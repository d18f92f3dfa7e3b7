/**
 * The log paths of Storm's logviewer daemon: list, page, search, deep search, download. Where Storm's answers HTML, this answers text: a
 * log may hold anything, and text runs nowhere. Source of paths and fields: LogviewerResource and its handlers, Storm 2.8.
 */
import { isStormLabError, messageOf, type Runtime } from "../base/index.ts";
import { faultAnswer, type HttpAnswer, type HttpBytes } from "../http/index.ts";
import { type LogBytes, openLog } from "./log-bytes.ts";
import { type LogFile, type LogFolders, LogPlaces, type OpenedPlace } from "./log-places.ts";
import { grep, pageBytes, pageBytesMax, readPage } from "./pages.ts";
import { type Found, searchBytesMax, searchLog } from "./search.ts";

export interface LogViewerOptions {
  /** As they are at this moment. */
  readonly folders: () => Promise<LogFolders>;
  /** Where the page of a log with these bytes in the middle is. */
  readonly urlOf: (place: { readonly host: string; readonly name: string; readonly isDaemon: boolean }) => string;
}

type Query = ReadonlyMap<string, string>;
type Answer = HttpAnswer | HttpBytes;

const usualMatches = 10;
const matchesMax = 1000;
const wholeBytesMax = 4 * 1024 * 1024;
/** Of a deep search; more logs than a class can read. */
const deepFilesMax = 2000;

export class LogViewer {
  readonly #runtime: Runtime;
  readonly #places: LogPlaces;
  readonly #options: LogViewerOptions;

  constructor(runtime: Runtime, options: LogViewerOptions) {
    this.#runtime = runtime;
    this.#places = new LogPlaces(runtime, options.folders);
    this.#options = options;
  }

  /** `parts`: of the path after `/api/v1/`. Null: it is no path of a log. Never rejects. */
  async answer(parts: readonly string[], query: Query): Promise<Answer | null> {
    const run = this.#pathOf(parts);
    if (run === null) return null;
    try {
      return await run(query);
    } catch (error) {
      if (error instanceof BadQuery) return faultAnswer(400, error.message, "400 Bad Request");
      return faultAnswer(500, isStormLabError(error) ? error.message : messageOf(error), "500 Server Error");
    }
  }

  #pathOf([word, ...rest]: readonly string[]): ((query: Query) => Promise<Answer>) | null {
    if (word === "deepSearch" && rest.length === 1) return (query) => this.#deepSearch(rest[0] ?? "", query);
    if (word === "dumps" && rest.length > 1) return () => this.#dumps(rest);
    if (rest.length > 0) return null;
    switch (word) {
      case "log":
        return (query) => this.#page(query, false);
      case "daemonlog":
        return (query) => this.#page(query, true);
      case "download":
        return (query) => this.#download(query, false);
      case "daemondownload":
        return (query) => this.#download(query, true);
      case "listLogs":
      case "searchLogs":
        return (query) => this.#list(query);
      case "search":
        return (query) => this.#search(query);
      default:
        return null;
    }
  }

  /** Every log, for the page. */
  async all(): Promise<LogFile[]> {
    return [...(await this.#places.daemonLogs()), ...(await this.#places.workerLogs())];
  }

  /** Those of one topology's workers. */
  ofTopology(topologyId: string): Promise<LogFile[]> {
    return this.#places.workerLogs(topologyId);
  }

  /** The end of a worker's log, 4 MB at most; empty: there is none. */
  async text(name: string, host: string): Promise<string> {
    const place = await this.#places.find(name, false, host);
    if (place === null) return "";
    const file = await this.#runtime.fs.open(place.path, "read");
    try {
      const bytes = Buffer.alloc(Math.min(place.size, wholeBytesMax));
      let filled = 0;
      for (let read = 1; read > 0 && filled < bytes.length; filled += read)
        read = await file.read(bytes.subarray(filled), place.size - bytes.length + filled);
      return bytes.toString("utf8", 0, filled);
    } finally {
      await file.close();
    }
  }

  async #page(query: Query, isDaemon: boolean): Promise<Answer> {
    const length = Math.min(pageBytesMax, wholeOf(query, "length") ?? pageBytes);
    const wantedStart = wholeOf(query, "start");
    return this.#with(query, isDaemon, async (log) => {
      const { size } = log;
      // Storm's refuses the very end too; who follows a log asks there.
      if (wantedStart !== null && wantedStart > size) throw new BadQuery("Cannot start past the end of the file");
      const { start, text } = await readPage(log, wantedStart, length);
      const wanted = query.get("grep") ?? "";
      return {
        status: 200,
        contentType: "text/plain;charset=utf-8",
        headers: { "X-Log-Start": `${start}`, "X-Log-Size": `${size}` },
        body: wanted === "" ? text : grep(text, wanted),
      };
    });
  }

  async #download(query: Query, isDaemon: boolean): Promise<Answer> {
    const place = await this.#find(query, isDaemon);
    if (place === null) return notFound;
    const file = await this.#runtime.fs.open(place.path, "read");
    const name = `${place.host}-${query.get("file") ?? ""}`.replace(/[^\w.-]+/g, "-");
    return {
      status: 200,
      contentType: "application/octet-stream",
      headers: { "Content-Disposition": `attachment; filename="${name}"` },
      // What is written meanwhile is not part of it.
      length: place.size,
      read: async (position, max) => {
        const bytes = Buffer.alloc(max);
        return bytes.subarray(0, await file.read(bytes, position));
      },
      close: () => void file.close().catch(() => {}),
    };
  }

  async #list(query: Query): Promise<Answer> {
    const port = wholeOf(query, "port");
    const logs = await this.#places.workerLogs(query.get("topoId"), port === null ? undefined : `${port}`);
    return json([...new Set(logs.map(({ name }) => name))].sort());
  }

  /** A worker is no Java process: there is a list for each worker, and it is empty. */
  async #dumps([topologyId = "", hostPort = "", file]: readonly string[]): Promise<Answer> {
    const [, host, port] = /^(.+):(\d+)$/.exec(hostPort) ?? [];
    const logs = port === undefined ? [] : await this.#places.workerLogs(topologyId, port);
    const isThere = file === undefined && logs.some((log) => log.host === host);
    return isThere ? { status: 200, contentType: "text/plain;charset=utf-8", body: "" } : notFound;
  }

  async #search(query: Query): Promise<Answer> {
    const isDaemon = query.get("is-daemon") === "yes";
    const wanted = wantedOf(query);
    const from = wholeOf(query, "start-byte-offset", couldNotParse) ?? 0;
    const count = countOf(query, usualMatches);
    return this.#with(query, isDaemon, async (log, { host }) => {
      if (from > log.size) throw new BadQuery("Cannot search past the end of the file");
      const found = await searchLog(log, wanted, { from, count });
      return json(this.#found(found, { host, name: query.get("file") ?? "", isDaemon }, wanted, from));
    });
  }

  /** Newest logs of each worker first; `search-archived`: also those that were rolled. */
  async #deepSearch(topologyId: string, query: Query): Promise<Answer> {
    if ((query.get("search-string") ?? "") === "") return json([]);
    const wanted = wantedOf(query);
    const count = countOf(query, 1);
    const isOne = !["*", ""].includes(query.get("port") ?? "");
    const port = isOne ? `${wholeOf(query, "port")}` : undefined;
    const archived = isTrue(query.get("search-archived") ?? "");
    const host = query.get("host");
    const all = await this.#places.workerLogs(topologyId, port);
    const logs = host === undefined ? all : all.filter((log) => log.host === host);
    const workers = byWorker(logs.slice(0, deepFilesMax)).map((each) => (archived ? each : each.slice(0, 1)));
    const fileOffset = archived && isOne ? (wholeOf(query, "start-file-offset") ?? 0) : 0;
    const from = isOne ? (wholeOf(query, "start-byte-offset") ?? 0) : 0;
    const found = [];
    for (const each of workers) found.push(await this.#searchWorker(each, wanted, { count, fileOffset, from }));
    return json(isOne ? (found[0] ?? []) : found);
  }

  async #searchWorker(
    logs: readonly LogFile[],
    wanted: string,
    { count, fileOffset, from }: { readonly count: number; readonly fileOffset: number; readonly from: number },
  ) {
    const matches = [];
    let left = count;
    let offset = fileOffset;
    for (const log of logs.slice(fileOffset)) {
      const start = offset === fileOffset ? from : 0;
      const found = await this.#searchLog(log, wanted, start, left);
      if (found !== null && found.matches.length > 0) matches.push(found);
      left -= found?.matches.length ?? 0;
      if (left <= 0) break;
      offset++;
    }
    return { fileOffset: offset, searchString: wanted, matches };
  }

  /** Null: it is gone meanwhile, or cannot be read, which the others are not to pay for. */
  async #searchLog({ host, name }: LogFile, wanted: string, from: number, count: number) {
    const place = await this.#places.find(name, false, host);
    if (place === null) return null;
    try {
      await using log = await openLog(this.#runtime.fs, place.path);
      if (from > log.size) return null;
      const found = await searchLog(log, wanted, { from, count });
      const port = name.split("/")[1] ?? "";
      return { ...this.#found(found, { host, name, isDaemon: false }, wanted, from), fileName: name, port, host };
    } catch (error) {
      this.#runtime.log.warn(`Could not search ${place.path}: ${messageOf(error)}`);
      return null;
    }
  }

  #found(
    { matches, nextByteOffset }: Found,
    place: { readonly host: string; readonly name: string; readonly isDaemon: boolean },
    searchString: string,
    startByteOffset: number,
  ) {
    const url = this.#options.urlOf(place);
    const centred = (at: number) => `${url}&start=${Math.max(0, at - pageBytes / 2)}&length=${pageBytes}`;
    return {
      searchString,
      startByteOffset,
      isDaemon: place.isDaemon ? "yes" : "no",
      matches: matches.map((match) => ({ ...match, logviewerURL: centred(match.byteOffset) })),
      ...(nextByteOffset === null ? {} : { nextByteOffset }),
    };
  }

  async #with(
    query: Query,
    isDaemon: boolean,
    use: (log: LogBytes, place: OpenedPlace) => Promise<Answer>,
  ): Promise<Answer> {
    const place = await this.#find(query, isDaemon);
    if (place === null) return notFound;
    await using log = await openLog(this.#runtime.fs, place.path);
    return await use(log, place);
  }

  #find(query: Query, isDaemon: boolean): Promise<OpenedPlace | null> {
    return this.#places.find(query.get("file") ?? "", isDaemon, query.get("host") ?? null);
  }
}

/** Its message is for who asked. */
class BadQuery extends Error {}

const notFound = faultAnswer(404, "The file was not found on this node.", "Not Found");

function json(value: unknown): HttpAnswer {
  return { status: 200, contentType: "application/json;charset=utf-8", body: JSON.stringify(value) };
}

/** Storm has one of these for pages, and the other for searches. */
const couldNotMake = (name: string): string => `Could not make an integer out of the query parameter '${name}'`;
const couldNotParse = (name: string): string => `Could not parse ${name} to an integer`;

/** Null: not given. Throws BadQuery. */
function wholeOf(query: Query, name: string, says = couldNotMake): number | null {
  const text = query.get(name) ?? "";
  if (text === "") return null;
  if (!/^\d{1,15}$/.test(text)) throw new BadQuery(says(name));
  return Number(text);
}

/** As commons-lang's toBooleanObject, which Storm asks; a form sends `on`. */
function isTrue(text: string): boolean {
  return ["true", "on", "yes", "y", "t"].includes(text.toLowerCase());
}

function countOf(query: Query, usual: number): number {
  return Math.min(matchesMax, Math.max(1, wholeOf(query, "num-matches", couldNotParse) ?? usual));
}

function wantedOf(query: Query): string {
  const wanted = query.get("search-string") ?? "";
  const bytes = Buffer.byteLength(wanted);
  if (bytes === 0 || bytes > searchBytesMax)
    throw new BadQuery(`Search substring must be between 1 and ${searchBytesMax} UTF-8 bytes in size (inclusive)`);
  return wanted;
}

/** The worker.logs of each worker, newest first. */
function byWorker(logs: readonly LogFile[]): LogFile[][] {
  const workers = new Map<string, LogFile[]>();
  for (const log of logs) {
    const [id = "", port = "", file = ""] = log.name.split("/");
    if (!file.startsWith("worker.log")) continue;
    const key = `${log.host} ${id} ${port}`;
    workers.set(key, [...(workers.get(key) ?? []), log]);
  }
  return [...workers.values()].map((all) => all.sort((a, b) => b.modifiedMs - a.modifiedMs));
}

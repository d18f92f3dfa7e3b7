/** What the page asks the daemon, and what the daemon tells by itself. */
import { emptyUiPicture, pictureAfter } from "../client/ui-picture.ts";
import type { Happening, Picture } from "./api-types.ts";
import { useEffect, useState } from "./view.ts";

const root = "/api/v1/";

export interface Asked<T> {
  /** Null: not yet. */
  readonly value: T | null;
  /** Of the last question; null: it was answered. */
  readonly failure: string | null;
}

/** Asks again and again while it is shown; null: nothing is asked. */
export function useAnswer<T>(path: string | null, everyMs: number): Asked<T> {
  const [asked, setAsked] = useState<Asked<T> & { readonly path: string | null }>({ path, value: null, failure: null });
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    let timer = 0;
    const ask = async (): Promise<void> => {
      try {
        const value = await answer<T>(path, { signal: abort.signal });
        setAsked({ path, value, failure: null });
      } catch (error) {
        if (abort.signal.aborted) return;
        setAsked((before) => ({ path, value: before.path === path ? before.value : null, failure: messageOf(error) }));
      }
      timer = window.setTimeout(() => void ask(), document.hidden ? everyMs * 5 : everyMs);
    };
    void ask();
    return () => {
      abort.abort();
      window.clearTimeout(timer);
    };
  }, [path, everyMs]);
  return asked.path === path ? asked : { value: null, failure: null };
}

/** Rejects with what the daemon says. */
export async function act(path: string, body?: unknown): Promise<void> {
  await answer(path, { method: "POST", ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

/** One part of a path. */
export function inPath(text: string): string {
  return encodeURIComponent(text);
}

export interface LogText {
  readonly text: string;
  readonly start: number;
  readonly size: number;
}

/** A part of a log. Rejects with what the daemon says. */
export async function readLog(path: string): Promise<LogText> {
  const response = await fetch(`${root}${path}`);
  const text = await response.text();
  if (!response.ok)
    throw new Error((JSON.parse(text) as { errorMessage?: string }).errorMessage ?? response.statusText);
  const header = (name: string) => Number(response.headers.get(name) ?? 0);
  return { text, start: header("X-Log-Start"), size: header("X-Log-Size") };
}

/** Of a function that a topology answers. */
export function call(functionName: string, args: string): Promise<{ readonly result: string; readonly ms: number }> {
  return answer("storm-lab/drpc", { method: "POST", body: JSON.stringify({ functionName, args }) });
}

/** Once. Rejects with what the daemon says. */
export function ask<T>(path: string): Promise<T> {
  return answer<T>(path, {});
}

async function answer<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(`${root}${path}`, init);
  const said = (await response.json()) as T & { readonly errorMessage?: string };
  if (!response.ok) throw new Error(said.errorMessage ?? response.statusText);
  return said;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export interface Live {
  readonly picture: Picture;
  /** Newest first. */
  readonly happenings: readonly Happening[];
  readonly isConnected: boolean;
}

const keptMax = 500;
/** When many workers die at once, hundreds of happenings come one by one: they are drawn together. */
const togetherMs = 100;

/** The event stream, for as long as the page is open. */
export function useLive(): Live {
  const [live, setLive] = useState<Live>({ picture: emptyUiPicture, happenings: [], isConnected: false });
  useEffect(() => {
    const source = new EventSource(`${root}events`);
    const patch = (change: (live: Live) => Partial<Live>) => setLive((before) => ({ ...before, ...change(before) }));
    let waiting: Happening[] = [];
    let timer = 0;
    const tell = (): void => {
      timer = 0;
      const happened = waiting;
      waiting = [];
      patch(({ picture, happenings }) => ({
        picture: happened.reduce(pictureAfter, picture),
        happenings: merged(happenings, happened),
      }));
    };
    source.onopen = () => patch(() => ({ isConnected: true }));
    source.onerror = () => patch(() => ({ isConnected: false }));
    source.addEventListener("picture", (event) => {
      const picture = JSON.parse((event as MessageEvent<string>).data) as Picture;
      // It has in it whatever was told before.
      window.clearTimeout(timer);
      tell();
      patch(() => ({ picture }));
      answer<{ happenings: readonly Happening[] }>("storm-lab/happenings", {})
        .then(({ happenings }) => patch((before) => ({ happenings: merged(before.happenings, happenings) })))
        .catch(() => {});
    });
    source.addEventListener("happening", (event) => {
      waiting.push(JSON.parse((event as MessageEvent<string>).data) as Happening);
      if (timer === 0) timer = window.setTimeout(tell, togetherMs);
    });
    return () => {
      source.close();
      window.clearTimeout(timer);
    };
  }, []);
  return live;
}

function merged(before: readonly Happening[], more: readonly Happening[]): Happening[] {
  const known = new Set(before.map(({ seq, atMs }) => `${seq} ${atMs}`));
  const added = more.filter(({ seq, atMs }) => !known.has(`${seq} ${atMs}`));
  return [...before, ...added].sort((a, b) => b.atMs - a.atMs || b.seq - a.seq).slice(0, keptMax);
}

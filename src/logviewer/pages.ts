/** A part of a log as text: as many bytes as a page has, whole lines of them where lines are asked for. */
import type { LogBytes } from "./log-bytes.ts";

/** As Storm's pages. */
export const pageBytes = 51_200;
export const pageBytesMax = 10 * 1024 * 1024;

export interface Page {
  readonly start: number;
  readonly text: string;
}

/** `start` null: the end of the file. */
export async function readPage(log: LogBytes, start: number | null, length: number): Promise<Page> {
  const { size } = log;
  const from = Math.min(start ?? Math.max(0, size - length), size);
  return { start: from, text: (await log.read(from, length)).toString("utf8") };
}

/** Only lines with `wanted` in them. */
export function grep(text: string, wanted: string): string {
  const lines = text.split("\n").filter((line) => line.includes(wanted));
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** The syntax of zoo.cfg: Java's .properties, which ZooKeeper reads it with. Source: java.util.Properties.load. */

export interface Property {
  readonly key: string;
  readonly value: string;
  /** Of the logical line's first line, from 1. */
  readonly line: number;
}

/** In file order, repeated keys included. Backslashes escape: `D:\zk` means `D:zk`, `D:\\zk` means `D:\zk`. */
export function parseProperties(text: string): Property[] {
  const properties: Property[] = [];
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  for (let index = 0; index < lines.length; index++) {
    const start = index;
    let logical = trimStart(lines[index] ?? "");
    if (logical === "" || logical.startsWith("#") || logical.startsWith("!")) continue;
    while (continues(logical) && index + 1 < lines.length) {
      index++;
      logical = logical.slice(0, -1) + trimStart(lines[index] ?? "");
    }
    if (continues(logical)) logical = logical.slice(0, -1);
    properties.push({ ...splitLine(logical), line: start + 1 });
  }
  return properties;
}

function trimStart(line: string): string {
  return line.replace(/^[ \t\f]+/, "");
}

/** An odd number of backslashes at the end. */
function continues(line: string): boolean {
  return (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1;
}

function splitLine(line: string): { key: string; value: string } {
  let end = 0;
  while (end < line.length && !/[=: \t\f]/.test(line[end]!)) end += line[end] === "\\" ? 2 : 1;
  const key = line.slice(0, end);
  const rest = line.slice(end).replace(/^[ \t\f]*[=:]?[ \t\f]*/, "");
  return { key: unescapeText(key), value: unescapeText(rest) };
}

function unescapeText(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|[\s\S]|$)/g, (_whole, escaped: string) => {
    if (escaped.length === 5) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return simpleEscapes.get(escaped) ?? escaped;
  });
}

const simpleEscapes = new Map([
  ["t", "\t"],
  ["n", "\n"],
  ["r", "\r"],
  ["f", "\f"],
]);

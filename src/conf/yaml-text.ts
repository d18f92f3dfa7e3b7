/** YAML with the places of what it says, so that an error names the line. The one file that knows the package. */
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from "yaml";

export type YamlPath = readonly (string | number)[];

export interface YamlPlace {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface YamlFault extends YamlPlace {
  /** One sentence, without the place. */
  readonly message: string;
}

export interface YamlText {
  /** Plain data; an empty text is null. Meaningless when there are faults. */
  readonly value: unknown;
  readonly faults: readonly YamlFault[];
  /** Where the key, or the element, of this path stands; of the nearest part of it that is there. */
  placeOf(path: YamlPath): YamlPlace;
}

/**
 * Never throws: what does not parse, or stands there twice, is in `faults`. Aliases are limited: no text grows without bound. `version`:
 * in 1.1, which Storm reads, `yes` is true and `10_000` a number.
 */
export function parseYaml(text: string, version: "1.1" | "1.2" = "1.2"): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version });
  const at = (offset: number): YamlPlace => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const faults = [...document.errors].map((error) => ({ ...at(error.pos[0]), message: firstSentence(error.message) }));
  let value: unknown = null;
  if (faults.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: aliasesMax });
    } catch (error) {
      faults.push({ ...at(0), message: error instanceof Error ? firstSentence(error.message) : String(error) });
    }
  }
  return { value, faults, placeOf: (path) => at(offsetOf(document.contents, path)) };
}

const aliasesMax = 100;

function offsetOf(root: ParsedNode | null, path: YamlPath): number {
  let node: Node | null = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of path) {
    const found: { key: Node | null; value: Node | null } | null = child(node, part);
    if (found === null) break;
    offset = (found.key ?? found.value)?.range?.[0] ?? offset;
    node = found.value;
  }
  return offset;
}

function child(node: Node | null, part: string | number): { key: Node | null; value: Node | null } | null {
  if (isMap(node)) {
    const pair = node.items.find(
      (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
    );
    return pair === undefined ? null : { key: pair.key as Node, value: pair.value as Node | null };
  }
  if (isSeq(node)) {
    const item = node.items[Number(part)];
    return item === undefined ? null : { key: null, value: item as Node };
  }
  return null;
}

function firstSentence(message: string): string {
  return (message.split("\n")[0] ?? message).replace(/ at line \d+, column \d+:?$/, "");
}

/** The text with this value at this path; comments and order of the rest stay. The text must parse, as a mapping or as nothing. */
export function editYaml(text: string, path: YamlPath, value: unknown): string {
  const document = parseDocument(text);
  document.setIn(path, value);
  return document.toString({ lineWidth: 0 });
}

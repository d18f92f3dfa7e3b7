/** Text in a terminal's cells: styled spans, and widths that are right for Chinese. Pure. */

export type Style = "plain" | "dim" | "bold" | "bar" | "key" | "good" | "warn" | "bad" | "accent" | "selected";
export type Theme = "dark" | "light" | "plain";

export interface Span {
  readonly text: string;
  readonly style: Style;
}

export type Line = readonly Span[];

/** East Asian Wide and Fullwidth, and emoji. Source: Unicode TR11. */
const wide = new RegExp(
  [
    "[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\u33ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua000-\\ua4cf\\uac00-\\ud7a3",
    "\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6\\u{1f300}-\\u{1faff}\\u{20000}-\\u{3fffd}]",
  ].join(""),
  "u",
);
const nothingWide = /\p{Mn}|\p{Me}|[\u200b-\u200c]|\u200d|\ufe0f/u;

export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

function widthOfCharacter(character: string): number {
  if (character < "\u0300") return 1;
  return nothingWide.test(character) ? 0 : wide.test(character) ? 2 : 1;
}

/** As wide as that: padded, or cut with `…` where something is missing. */
export function fit(text: string, width: number, align: "left" | "right" = "left"): string {
  const own = widthOf(text);
  if (own <= width) return align === "left" ? text + " ".repeat(width - own) : " ".repeat(width - own) + text;
  let cut = "";
  let left = width - 1;
  for (const character of text) {
    left -= widthOfCharacter(character);
    if (left < 0) break;
    cut += character;
  }
  return width <= 0 ? "" : `${cut}…${" ".repeat(width - 1 - widthOf(cut))}`;
}

export function fitLine(line: Line, width: number): Line {
  const spans: Span[] = [];
  let left = width;
  for (const span of line) {
    if (left <= 0) break;
    const own = widthOf(span.text);
    spans.push(own <= left ? span : { ...span, text: fit(span.text, left) });
    left -= own;
  }
  return left > 0
    ? [...spans, { text: " ".repeat(left), style: line.at(-1)?.style === "bar" ? "bar" : "plain" }]
    : spans;
}

export function plainText(line: Line): string {
  return line.map(({ text }) => text).join("");
}

/** Every style has a mark of its own beside it in the views: colours only help. */
const sgr: Readonly<Record<Theme, Readonly<Record<Style, string>>>> = {
  dark: {
    plain: "0",
    dim: "0;90",
    bold: "0;1",
    bar: "0;30;46",
    key: "0;1;36",
    good: "0;32",
    warn: "0;33",
    bad: "0;1;31",
    accent: "0;36",
    selected: "0;7",
  },
  light: {
    plain: "0",
    dim: "0;2",
    bold: "0;1",
    bar: "0;37;44",
    key: "0;1;34",
    good: "0;34",
    warn: "0;35",
    bad: "0;1;31",
    accent: "0;34",
    selected: "0;7",
  },
  plain: {
    plain: "0",
    dim: "0",
    bold: "0;1",
    bar: "0;7",
    key: "0;1",
    good: "0",
    warn: "0;1",
    bad: "0;1",
    accent: "0",
    selected: "0;7",
  },
};

const ascii: Readonly<Record<string, string>> = {
  "●": "*",
  "○": "o",
  "◐": "+",
  "■": "#",
  "□": ".",
  "▸": ">",
  "✗": "x",
  "✓": "v",
  "─": "-",
  "│": "|",
  "└": "`",
  "▶": ">",
  "…": "~",
  "›": ">",
  "↑": "^",
  "↓": "v",
  "▁": "_",
  "·": ".",
};

export function painted(line: Line, theme: Theme, onlyAscii: boolean): string {
  return line
    .map(({ text, style }) => {
      const shown = onlyAscii ? text.replace(/[●○◐■□▸✗✓─│└▶…›↑↓▁·]/g, (mark) => ascii[mark] ?? mark) : text;
      return `\u001b[${sgr[theme][style]}m${shown}`;
    })
    .join("");
}

export function span(text: string, style: Style = "plain"): Span {
  return { text, style };
}

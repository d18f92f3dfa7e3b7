/** Text in columns, by the width that a terminal gives each character. */

export type Row = readonly string[];

/** The first column to the left, the others to the right. */
export function table(rows: readonly Row[]): string[] {
  const widths = widthsOf(rows);
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? padEnd(cell, widths[column]) : padStart(cell, widths[column])))
      .join("  "),
  );
}

/** All columns to the left. */
export function leftTable(rows: readonly Row[]): string[] {
  const widths = widthsOf(rows);
  return rows.map((row) =>
    row
      .map((cell, column) => padEnd(cell, widths[column]))
      .join("  ")
      .trimEnd(),
  );
}

function widthsOf(rows: readonly Row[]): number[] {
  return (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ""))));
}

/** Longer lines would wrap. */
export function cut(line: string, columns: number): string {
  let kept = "";
  let used = 0;
  for (const character of line) {
    used += width(character);
    if (used > columns) return kept;
    kept += character;
  }
  return kept;
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

/** Terminal columns of a text: wide characters (CJK and the like) take two. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += wide.test(character) ? 2 : 1;
  return columns;
}

function padEnd(text: string, columns = 0): string {
  return text + " ".repeat(Math.max(0, columns - width(text)));
}

function padStart(text: string, columns = 0): string {
  return " ".repeat(Math.max(0, columns - width(text))) + text;
}

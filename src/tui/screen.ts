/**
 * The terminal, as blessed's program reads keys from it: the one file that knows blessed. Of its output only what ECMA-48 and xterm
 * have is used, so no terminfo is asked.
 */
import program from "blessed/lib/program.js";

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  /** Lines with their SGR sequences, each as wide as the screen; only those that changed are written. */
  paint(lines: readonly string[], cursor: { readonly x: number; readonly y: number } | null): void;
  /** The next painting writes every line. */
  forget(): void;
  /** Into the clipboard of the terminal's user (OSC 52), as far as the terminal allows it. */
  copy(text: string): void;
  /** The terminal is as it was. Idempotent. */
  close(): void;
}

export interface ScreenListener {
  /** A printable character, or a name such as `up`, `enter`, `escape`, `C-l`. */
  key(key: string): void;
  resize(): void;
}

const enter = "\u001b[?1049h\u001b[?7l\u001b[?25l\u001b[2J";
const leave = "\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l";
const resizeMs = 50;

export function openScreen(listener: ScreenListener): Screen {
  const terminal = program({ tput: false, resizeTimeout: resizeMs });
  const { output } = terminal;
  let painted: readonly string[] = [];
  let isOpen = true;
  const write = (text: string): void => {
    if (output.writable) output.write(text);
  };
  write(enter);
  terminal.on("keypress", (character, key) => {
    const name = keyName(character, key);
    if (!isOpen || name === null) return;
    // Esc and a key soon after it look like Alt and that key, which nothing here uses.
    const [, after] = /^M-(.)$/.exec(name) ?? [];
    if (after === undefined) listener.key(name);
    else for (const each of ["escape", after]) listener.key(each);
  });
  terminal.on("resize", () => {
    painted = [];
    if (isOpen) listener.resize();
  });
  return {
    get columns() {
      return output.columns || 80;
    },
    get rows() {
      return output.rows || 24;
    },
    paint: (lines, cursor) => {
      if (!isOpen) return;
      const changed = lines.flatMap((line, y) => (line === painted[y] ? [] : [`\u001b[${y + 1};1H${line}\u001b[0m`]));
      painted = lines;
      const place = cursor === null ? "\u001b[?25l" : `\u001b[${cursor.y + 1};${cursor.x + 1}H\u001b[?25h`;
      if (changed.length > 0 || cursor !== null) write(changed.join("") + place);
    },
    forget: () => {
      painted = [];
      write("\u001b[2J");
    },
    copy: (text) => write(`\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007`),
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      write(leave);
      terminal.destroy();
    },
  };
}

/** Null: nothing that is told. blessed tells Enter twice, as `return` and as `enter`. */
function keyName(
  character: string | undefined,
  key: { name?: string; full?: string; ctrl?: boolean; meta?: boolean } | undefined,
) {
  const isPlain = key?.ctrl !== true && key?.meta !== true;
  if (character !== undefined && isPlain && character >= " " && character !== "\u007f") return character;
  if (key?.name === undefined || key.name === "return") return null;
  if (key.name === "linefeed") return "enter";
  return key.full ?? key.name;
}

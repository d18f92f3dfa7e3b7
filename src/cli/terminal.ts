/** Standard output and standard error as commands see them. */
import { styleText } from "node:util";
import type { Colour, Terminal } from "./command.ts";

/** Size of what is not a terminal. */
const plainColumns = 80;
const plainRows = 24;

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";

/**
 * Colours are on for a terminal, unless NO_COLOR is set or `allowColours` is false; FORCE_COLOR turns them on elsewhere.
 * Writing after the reader has gone does nothing.
 */
export function openTerminal(stream: NodeJS.WriteStream, allowColours: boolean): Terminal {
  // Code of others may put something in the place of `stream.write`, and so may this program.
  const writeOut = stream.write.bind(stream);
  const write = (text: string): void => {
    if (stream.writable) writeOut(text);
  };
  let hidden = false;
  const setHidden = (hide: boolean): void => {
    if (hidden === hide) return;
    hidden = hide;
    write(hide ? hideCursor : showCursor);
  };
  process.on("exit", () => setHidden(false));
  return {
    write,
    hideCursor: () => setHidden(true),
    showCursor: () => setHidden(false),
    style: (colour: Colour, text) => (allowColours ? styleText(colour, text, { stream }) : text),
    interactive: stream.isTTY === true,
    get columns() {
      return stream.columns ?? plainColumns;
    },
    get rows() {
      return stream.rows ?? plainRows;
    },
  };
}

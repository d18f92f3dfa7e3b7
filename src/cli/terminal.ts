/** Standard output and standard error as commands see them. */
import { styleText } from "node:util";
import type { Colour, Terminal } from "./command.ts";

/** Size of what is not a terminal. */
const plainColumns = 80;
const plainRows = 24;

/**
 * Colours are on for a terminal, unless NO_COLOR is set or `allowColours` is false; FORCE_COLOR turns them on elsewhere.
 * Writing after the reader has gone does nothing.
 */
export function openTerminal(stream: NodeJS.WriteStream, allowColours: boolean): Terminal {
  return {
    write: (text) => {
      if (stream.writable) stream.write(text);
    },
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

/** A terminal that remembers what was written. */
import type { Terminal } from "../../../src/cli/command.ts";

export interface RecordedTerminal extends Terminal {
  readonly text: string;
}

export function recordedTerminal(
  options: { readonly colours?: boolean; readonly interactive?: boolean } = {},
): RecordedTerminal {
  let text = "";
  return {
    get text() {
      return text;
    },
    write: (more) => {
      text += more;
    },
    hideCursor: () => {},
    showCursor: () => {},
    style: (colour, plain) => (options.colours === true ? `<${colour}>${plain}</>` : plain),
    interactive: options.interactive ?? false,
    columns: 100,
    rows: 40,
  };
}

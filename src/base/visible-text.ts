/** Texts of others, such as words that are counted, made harmless for terminals: what would steer one is shown instead. */

/**
 * Controls (C0, DEL, C1), line and paragraph separators, and what turns the direction of writing. Joiners stay: scripts and emoji
 * need them.
 */
const steering = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const steeringButTabs = /(?!\t)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** ESC [ … m: colours and the like. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is what it is about
const colour = /\u001b\[[0-9:;]*m/g;
const noColour = "\u001b[0m";

/** One line, in the notation of JavaScript's own texts: `\n`, `\x1b`, `\u202e`. */
export function visibleText(text: string): string {
  return text.replace(steering, escaped);
}

/** A line that a program printed for people: its tabs and colours are its own matter, and end with it. */
export function visiblePrint(line: string): string {
  const colours = line.match(colour);
  const kept = line.split(colour).map((part) => part.replace(steeringButTabs, escaped));
  if (colours === null) return kept.join("");
  return `${kept.reduce((before, part, index) => `${before}${colours[index - 1]}${part}`)}${noColour}`;
}

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  const hex = code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  return short[character] ?? hex;
}

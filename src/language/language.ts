/** Which language the person at the terminal reads. */

export const languages = ["en", "zh"] as const;

/** English and simplified Chinese. */
export type Language = (typeof languages)[number];

/**
 * `asked` (the flag) if given, else STORM_LAB_LANG, else the locale as POSIX orders it: the first of LC_ALL, LC_MESSAGES and LANG that is
 * set and not empty. Whatever is not Chinese is English.
 */
export function languageOf(asked: Language | undefined, env: Readonly<Record<string, string | undefined>>): Language {
  const told = [env.STORM_LAB_LANG, env.LC_ALL, env.LC_MESSAGES, env.LANG].find((value) => (value ?? "") !== "");
  return asked ?? (/^zh(?![a-z])/i.test(told ?? "") ? "zh" : "en");
}

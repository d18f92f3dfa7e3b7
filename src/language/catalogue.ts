/**
 * All that a room says to people stands in catalogues, each text in every language side by side: a text without its translation is a type
 * error. `{name}` in a text stands for a value.
 */
import type { Language } from "./language.ts";

/** One text in every language. */
export type Text = Readonly<Record<Language, string>>;

export type Catalogue<Key extends string> = Readonly<Record<Key, Text>>;

/** Says the text of a key, its `{name}`s filled from `values`. A name without a value stays as it stands. */
export type Say<Key extends string> = (key: Key, values?: Readonly<Record<string, string | number>>) => string;

export function speaker<Key extends string>(catalogue: Catalogue<Key>, language: Language): Say<Key> {
  return (key, values = {}) =>
    catalogue[key][language].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

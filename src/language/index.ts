/** The languages that people are spoken to in, and how texts of a room are kept and said. */
export { type Catalogue, type Say, speaker, type Text } from "./catalogue.ts";
export { type Language, languageOf, languages } from "./language.ts";

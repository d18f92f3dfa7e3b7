/** The five sentences of Storm's own word count, 6.4 words each. */
const literals = [
  "the cow jumped over the moon",
  "an apple a day keeps the doctor away",
  "four score and seven years ago",
  "snow white and the seven dwarfs",
  "i am at two with nature",
];

/**
 * Made from bytes, as lines from a file or a socket are. V8 keeps a cache of how it has split literals, which would spare the bare
 * loop and the topology alike the very work that is to be measured.
 */
export const sentences: readonly string[] = literals.map((text) => Buffer.from(text).toString("latin1"));

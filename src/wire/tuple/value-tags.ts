/**
 * The first byte of every value. Below 0x80 it is the integer itself; 0x80 + n is a string of n < 64 Latin-1 characters.
 * Strings travel as V8 keeps them, Latin-1 or UTF-16, so that any JavaScript string (a lone surrogate too) comes back the same.
 */
export const tags = {
  shortString: 0x80,
  null: 0xc0,
  undefined: 0xc1,
  false: 0xc2,
  true: 0xc3,
  /** i32. */
  int32: 0xc4,
  /** f64: every other number, NaN, the infinities and −0. */
  float64: 0xc5,
  /** u32 length, one byte a character. */
  latin1: 0xc6,
  /** u32 length, two bytes a UTF-16 unit. */
  utf16: 0xc7,
  /** i64. */
  bigint64: 0xc8,
  /** u8 sign (1: negative), u32 length, magnitude, most significant byte first. */
  bigint: 0xc9,
  /** u32 length, bytes. */
  bytes: 0xca,
  /** f64 milliseconds since 1970, NaN for an invalid date. */
  date: 0xcb,
  /** u32 count, values. */
  array: 0xcc,
  /** u32 count, then key (a string) and value by turns. */
  object: 0xcd,
  /** u32 count, then key and value by turns. */
  map: 0xce,
  /** u32 count, values. */
  set: 0xcf,
} as const;

/** Strings below this many characters have their length in the tag. */
export const shortStringLimit = 64;

/** Containers inside containers, at most; also what stops a value that contains itself. */
export const maxDepth = 64;

/** A bigint's magnitude, at most. */
export const maxBigintBytes = 64 * 1024;

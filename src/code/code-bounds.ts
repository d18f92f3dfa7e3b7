/** How much code a topology may have: what is packed, and what an archive may unpack to. */

/** Storm's own jars of examples are below 50 MB, their libraries included. */
export const codeBytesMax = 128 * 1024 * 1024;
export const codeFilesMax = 10_000;

/** Tests against other people's programs need a JDK, Maven, Python and package registries: only where asked for. */

/** False where interop tests are to run; otherwise why they do not. */
export const interopSkipped: string | false =
  process.env.STORM_LAB_INTEROP === "1"
    ? false
    : "needs a JDK, Maven and Python with their registries: set STORM_LAB_INTEROP=1";

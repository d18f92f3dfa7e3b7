/** The nimbus daemon: takes topologies, places them, keeps their code, answers Storm's clients. */
export { nimbusErrorCodes } from "./error-codes.ts";
export { type RunningNimbus, startNimbus } from "./nimbus.ts";
export type { NimbusOptions } from "./nimbus-parts.ts";

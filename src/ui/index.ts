/** The ui daemon: Storm's REST API and the event stream. */

export { uiErrorCodes } from "./error-codes.ts";
export type { ClusterEvent, Happening, Place } from "./events/cluster-event.ts";
export { apiRoot, routeFor, routes } from "./rest/api.ts";
export { type RunningUi, startUi } from "./ui-server.ts";

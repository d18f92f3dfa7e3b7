/** What shows a cluster: everything that happens on it, as a stream of events. */
export type { ClusterEvent, Happening, Place } from "./events/cluster-event.ts";
export { ClusterWatch } from "./events/cluster-watch.ts";
export { eventText, keepAliveText, type StreamStart, streamStart } from "./events/event-stream.ts";

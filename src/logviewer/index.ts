/** Logs of workers and daemons, as Storm's logviewer serves them. */
export type { LogFile, LogFolders } from "./log-places.ts";
export { LogViewer } from "./log-viewer.ts";

/** Logs of workers and daemons, as Storm's logviewer serves and cleans them. */
export { type CleanedNode, type CleanerSettings, type LiveWorkers, LogCleaner } from "./cleaner/log-cleaner.ts";
export type { LogFile, LogFolders } from "./log-places.ts";
export { LogViewer } from "./log-viewer.ts";

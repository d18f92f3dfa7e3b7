/** What daemons and clients are told by files: Storm's keys, and YAML. */
export { confErrorCodes } from "./error-codes.ts";
export type { Honoured, KeySpec, Keys } from "./key.ts";
export { knownKeys } from "./known-keys.ts";
export { listenHost, type MetricsPlace, metricsPlace, zooKeeperServers } from "./places.ts";
export { type ConfSources, parseOverrides, parseStormYaml, type ReadConf, readStormConf } from "./read-conf.ts";
export { type CheckedConf, checkConf, type PlaceOf, StormConf } from "./storm-conf.ts";
export { editYaml, parseYaml, type YamlFault, type YamlPath, type YamlPlace, type YamlText } from "./yaml-text.ts";

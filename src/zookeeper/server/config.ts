/**
 * zoo.cfg as a frozen typed object. Everything wrong with it is said at once start-up, with the line and the way out.
 * Source: QuorumPeerConfig of ZooKeeper 3.8; defaults are its own.
 */
import { defaultMaxBufferBytes } from "../../wire/zookeeper/index.ts";
import { defaultDigestAlgorithm } from "./auth.ts";
import {
  honouredKeys,
  keysWithoutEffect,
  nearestKey,
  prefixesWithoutEffect,
  refusedKeys,
  refusedPrefixes,
  serverKey,
  withoutPrefix,
} from "./config-keys.ts";
import { configError } from "./errors.ts";
import { databaseDefaults } from "./file-database.ts";
import { type Property, parseProperties } from "./properties.ts";
import { parseServer, requireDistinctServers, type ServerSpec } from "./server-spec.ts";

export interface ZooConfig {
  /** Where it was read from, for messages. */
  readonly source: string;
  readonly tickTimeMs: number;
  /** Null: no client port (a voter without clients). */
  readonly clientPort: number | null;
  readonly clientAddress: string | null;
  readonly dataDir: string;
  readonly dataLogDir: string;
  /** Ticks; 0 when not given, which an ensemble refuses. */
  readonly initLimit: number;
  readonly syncLimit: number;
  /** Ticks. */
  readonly connectToLearnerMasterLimit: number;
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  /** Per client address; 0: unlimited. */
  readonly maxClientCnxns: number;
  /** Of all clients; 0: unlimited. */
  readonly maxCnxns: number;
  /** Voters and observers by id; empty or one without `standaloneEnabled=false`: standalone. */
  readonly servers: ReadonlyMap<number, ServerSpec>;
  readonly standaloneEnabled: boolean;
  readonly peerType: "participant" | "observer";
  readonly quorumListenOnAllIps: boolean;
  readonly cnxTimeoutMs: number;
  readonly minNotificationMs: number;
  readonly maxNotificationMs: number;
  readonly snapshotSizeFactor: number;
  readonly forceSnapshotSync: boolean;
  /** Words, or "*". */
  readonly fourLetterWords: ReadonlySet<string>;
  readonly admin: {
    readonly enabled: boolean;
    readonly port: number;
    readonly address: string | null;
    readonly path: string;
  };
  /** Where Prometheus is answered; null: nowhere. */
  readonly metrics: { readonly host: string | null; readonly port: number } | null;
  readonly purge: { readonly snapRetainCount: number; readonly intervalHours: number };
  readonly snapCount: number;
  readonly snapBytes: number;
  readonly commitLogCount: number;
  readonly forceSync: boolean;
  readonly fsyncWarningMs: number;
  readonly trustEmptySnapshot: boolean;
  readonly globalOutstandingLimit: number;
  readonly maxBufferBytes: number;
  readonly sessionlessTimeoutMs: number;
  readonly extendedTypesEnabled: boolean;
  readonly enforceQuota: boolean;
  readonly skipAcl: boolean;
  readonly superDigest: string | null;
  readonly digestAlgorithm: string;
  readonly containerCheckMs: number;
  readonly containersPerMinute: number;
  /** Things to say in the log once it is open. */
  readonly warnings: readonly string[];
}

/** Values by key without prefix, and what to say when one is wrong. */
class Values {
  readonly source: string;
  readonly #byKey = new Map<string, Property>();

  constructor(source: string, properties: readonly Property[]) {
    this.source = source;
    for (const property of properties) {
      const key = withoutPrefix(property.key);
      const before = this.#byKey.get(key);
      if (before !== undefined && before.value !== property.value) {
        throw configError(
          "SL-ZK-CONFIG-TWICE",
          `${source}: ${key} is set twice, in line ${before.line} to "${before.value}" and in line ${property.line} to "${property.value}"`,
          "of two lines with one key only the last would count",
          "remove one of the two lines",
        );
      }
      this.#byKey.set(key, property);
    }
  }

  keys(): Iterable<readonly [string, Property]> {
    return this.#byKey;
  }

  text(key: string): string | null {
    const value = this.#byKey.get(key)?.value.trim();
    return value === undefined || value === "" ? null : value;
  }

  bad(key: string, wanted: string): Error {
    const property = this.#byKey.get(key);
    return configError(
      "SL-ZK-CONFIG-VALUE",
      `${this.source}, line ${property?.line ?? 0}: ${key}=${property?.value ?? ""} is not ${wanted}`,
      "ZooKeeper reads this key as a value of another kind",
      `write ${key}= followed by ${wanted}`,
    );
  }

  integer(key: string, fallback: number, min: number, max = 2 ** 31 - 1): number {
    const text = this.text(key);
    if (text === null) return fallback;
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < min || value > max)
      throw this.bad(key, `a whole number from ${min} to ${max}`);
    return value;
  }

  decimal(key: string, fallback: number): number {
    const text = this.text(key);
    if (text === null) return fallback;
    if (!/^-?\d+(\.\d+)?$/.test(text)) throw this.bad(key, "a number");
    return Number(text);
  }

  flag(key: string, fallback: boolean): boolean {
    const text = this.text(key)?.toLowerCase();
    if (text === undefined) return fallback;
    if (text === "true" || text === "yes") return true;
    if (text === "false" || text === "no") return false;
    throw this.bad(key, "true or false");
  }
}

/** `source`: the file's name in messages. `windows`: whether this machine has drive letters. */
export function parseZooConfig(text: string, source: string, windows = false): ZooConfig {
  const values = new Values(source, parseProperties(text));
  const warnings = checkKeys(values);
  const tickTimeMs = values.integer("tickTime", 3000, 1);
  const minSessionTimeoutMs = session(values.integer("minSessionTimeout", -1, -1), 2 * tickTimeMs);
  const maxSessionTimeoutMs = session(values.integer("maxSessionTimeout", -1, -1), 20 * tickTimeMs);
  if (minSessionTimeoutMs > maxSessionTimeoutMs) {
    throw configError(
      "SL-ZK-CONFIG-VALUE",
      `${source}: minSessionTimeout ${minSessionTimeoutMs} is above maxSessionTimeout ${maxSessionTimeoutMs}`,
      "no session timeout fits between them (defaults: 2 and 20 times tickTime)",
      "raise maxSessionTimeout or lower minSessionTimeout",
    );
  }
  const dataDir = folder(values, "dataDir", windows);
  if (dataDir === null) throw missing(values, "dataDir", "the folder of snapshots and myid", "dataDir=./zk-data");
  const electionAlg = values.integer("electionAlg", 3, 0);
  if (electionAlg !== 3) throw values.bad("electionAlg", "3, the only algorithm since ZooKeeper 3.6");
  const servers = parseServers(values);
  const initLimit = values.integer("initLimit", 0, 1);
  const config: ZooConfig = {
    source,
    tickTimeMs,
    clientPort: values.text("clientPort") === null ? null : values.integer("clientPort", 0, 0, 65_535),
    clientAddress: values.text("clientPortAddress"),
    dataDir,
    dataLogDir: folder(values, "dataLogDir", windows) ?? dataDir,
    initLimit,
    syncLimit: values.integer("syncLimit", 0, 1),
    connectToLearnerMasterLimit: values.integer("connectToLearnerMasterLimit", 0, 0) || initLimit,
    minSessionTimeoutMs,
    maxSessionTimeoutMs,
    servers,
    standaloneEnabled: values.flag("standaloneEnabled", true),
    ...ensembleParts(values),
    ...limitParts(values),
    ...diskParts(values),
    ...accessParts(values),
    warnings,
  };
  checkEnsemble(values, config);
  return Object.freeze(config);
}

function session(givenMs: number, fallbackMs: number): number {
  return givenMs === -1 ? fallbackMs : givenMs;
}

function ensembleParts(values: Values) {
  const peerType = values.text("peerType") ?? "participant";
  if (peerType !== "participant" && peerType !== "observer") throw values.bad("peerType", "participant or observer");
  return {
    peerType,
    quorumListenOnAllIps: values.flag("quorumListenOnAllIPs", false),
    cnxTimeoutMs: values.integer("cnxTimeout", 5000, 1),
    minNotificationMs: values.integer("fastleader.minNotificationInterval", 200, 1),
    maxNotificationMs: values.integer("fastleader.maxNotificationInterval", 60_000, 1),
    snapshotSizeFactor: values.decimal("snapshotSizeFactor", 0.33),
    forceSnapshotSync: values.flag("forceSnapshotSync", false),
  } as const;
}

function limitParts(values: Values) {
  return {
    maxClientCnxns: values.integer("maxClientCnxns", 60, 0),
    maxCnxns: values.integer("maxCnxns", 0, 0),
    globalOutstandingLimit: values.integer("globalOutstandingLimit", 1000, 1),
    maxBufferBytes: values.integer("jute.maxbuffer", defaultMaxBufferBytes, 1024, 64 * 1024 * 1024),
    sessionlessTimeoutMs: values.integer("nio.sessionlessCnxnTimeout", 10_000, 1),
    containerCheckMs: values.integer("znode.container.checkIntervalMs", 60_000, 1),
    containersPerMinute: values.integer("znode.container.maxPerMinute", 10_000, 1),
    enforceQuota: values.flag("enforceQuota", false),
  } as const;
}

function diskParts(values: Values) {
  const snapSizeLimitKb = values.integer("snapSizeLimitInKb", databaseDefaults.snapBytes / 1024, -1);
  return {
    purge: {
      // Fewer than three would leave nothing to fall back to; ZooKeeper raises the number too.
      snapRetainCount: Math.max(3, values.integer("autopurge.snapRetainCount", 3, 0)),
      intervalHours: values.integer("autopurge.purgeInterval", 0, 0),
    },
    snapCount: Math.max(2, values.integer("snapCount", databaseDefaults.snapCount, 1)),
    snapBytes: snapSizeLimitKb * 1024,
    // ZooKeeper raises a smaller number too.
    commitLogCount: Math.max(500, values.integer("commitLogCount", databaseDefaults.commitLogCount, 0, 1_000_000)),
    forceSync: values.flag("forceSync", true),
    fsyncWarningMs: values.integer("fsync.warningthresholdms", databaseDefaults.fsyncWarningMs, 0),
    trustEmptySnapshot: values.flag("snapshot.trust.empty", false),
    extendedTypesEnabled: values.flag("extendedTypesEnabled", false),
  } as const;
}

function accessParts(values: Values) {
  const words = (values.text("4lw.commands.whitelist") ?? "srvr").split(",").map((word) => word.trim());
  return {
    fourLetterWords: new Set(words.filter((word) => word !== "")),
    admin: {
      // ZooKeeper opens 8080 by default, where Storm's UI listens: here it is opened when asked for.
      enabled: values.flag("admin.enableServer", false),
      port: values.integer("admin.serverPort", 8080, 0, 65_535),
      address: values.text("admin.serverAddress"),
      path: values.text("admin.commandURL") ?? "/commands",
    },
    metrics: metricsPart(values),
    skipAcl: values.flag("skipACL", false),
    superDigest: values.text("DigestAuthenticationProvider.superDigest"),
    digestAlgorithm: values.text("DigestAuthenticationProvider.digestAlg") ?? defaultDigestAlgorithm,
  } as const;
}

const metricsPackage = "org.apache.zookeeper.metrics";
/** Its metrics are those of mntr and the admin server. */
const defaultProvider = `${metricsPackage}.impl.DefaultMetricsProvider`;
const prometheusProvider = `${metricsPackage}.prometheus.PrometheusMetricsProvider`;

function metricsPart(values: Values): ZooConfig["metrics"] {
  const provider = values.text("metricsProvider.className") ?? defaultProvider;
  if (provider !== defaultProvider && provider !== prometheusProvider)
    throw values.bad("metricsProvider.className", `${prometheusProvider} or ${defaultProvider}`);
  const port = values.integer("metricsProvider.httpPort", 7000, 0, 65_535);
  const host = values.text("metricsProvider.httpHost") ?? "0.0.0.0";
  return provider === defaultProvider ? null : { host: host === "0.0.0.0" ? null : host, port };
}

/** Refuses what cannot be done and what nobody knows; gives back what is worth a line in the log. */
function checkKeys(values: Values): string[] {
  const warnings: string[] = [];
  for (const [key, property] of values.keys()) {
    if (honouredKeys.includes(key) || serverKey.test(key)) continue;
    const idle = keysWithoutEffect[key] ?? reasonByPrefix(prefixesWithoutEffect, key);
    if (idle !== null) {
      warnings.push(`${key}=${property.value} has no effect: ${idle}`);
      continue;
    }
    const reason = reasonByPrefix(refusedPrefixes, key);
    const refusal = refusedKeys[key] ?? (reason === null ? null : { unless: null, reason });
    if (refusal === null) throw unknownKey(values.source, property);
    if (property.value.trim().toLowerCase() === refusal.unless) continue;
    throw configError(
      "SL-ZK-CONFIG-REFUSED",
      `${values.source}, line ${property.line}: ${key}=${property.value} cannot be honoured`,
      `${refusal.reason}`,
      refusal.unless === null
        ? `remove the line, or use Apache ZooKeeper for it`
        : `set ${key}=${refusal.unless} or remove the line`,
    );
  }
  return warnings;
}

function reasonByPrefix(reasons: readonly (readonly [prefix: string, reason: string])[], key: string): string | null {
  return reasons.find(([prefix]) => key.startsWith(prefix))?.[1] ?? null;
}

function unknownKey(source: string, property: Property): Error {
  const near = nearestKey(withoutPrefix(property.key));
  return configError(
    "SL-ZK-CONFIG-UNKNOWN",
    `${source}, line ${property.line}: "${property.key}" is no key of ZooKeeper`,
    "ZooKeeper would take it silently and do nothing with it",
    near === null ? "remove the line" : `did you mean ${near}? correct or remove the line`,
  );
}

function missing(values: Values, key: string, what: string, example: string): Error {
  return configError(
    "SL-ZK-CONFIG-MISSING",
    `${values.source}: ${key} is not set`,
    `it names ${what}`,
    `add a line such as ${example}`,
  );
}

/** A Windows path is refused in words elsewhere; both spellings of the tutorial, with and without doubled backslashes, are known. */
function folder(values: Values, key: string, windows: boolean): string | null {
  const path = values.text(key);
  if (path === null) return null;
  if (!windows && (/^[A-Za-z]:/.test(path) || path.includes("\\"))) {
    throw configError(
      "SL-ZK-CONFIG-WINDOWS-PATH",
      `${values.source}: ${key}=${path} is a Windows path, and this machine is not Windows`,
      "the file was written for Windows, as in many tutorials; here it would become a strange folder name",
      `write a path of this machine, such as ${key}=./zk-data`,
    );
  }
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}

function parseServers(values: Values): ReadonlyMap<number, ServerSpec> {
  const servers = new Map<number, ServerSpec>();
  for (const [key, property] of values.keys()) {
    const match = serverKey.exec(key);
    if (match === null) continue;
    const spec = parseServer(values.source, property, Number(match[1]));
    servers.set(spec.id, spec);
  }
  requireDistinctServers(values.source, [...servers.values()]);
  return new Map([...servers].sort(([a], [b]) => a - b));
}

/** Whether this configuration makes an ensemble; a single server line does not, unless standaloneEnabled=false. */
export function isEnsemble(config: ZooConfig): boolean {
  return config.servers.size > 1 || (config.servers.size === 1 && !config.standaloneEnabled);
}

function checkEnsemble(values: Values, config: ZooConfig): void {
  if (!isEnsemble(config)) {
    const own = [...config.servers.values()][0]?.client ?? null;
    if (config.clientPort === null && own === null) {
      throw missing(values, "clientPort", "the port that clients connect to", "clientPort=2181");
    }
    return;
  }
  if (config.initLimit === 0)
    throw missing(values, "initLimit", "the ticks a follower has to connect and synchronise", "initLimit=10");
  if (config.syncLimit === 0) throw missing(values, "syncLimit", "the ticks a follower may lag behind", "syncLimit=5");
  const voters = [...config.servers.values()].filter((server) => server.type === "participant");
  if (voters.length === 0) {
    throw configError(
      "SL-ZK-CONFIG-VALUE",
      `${values.source}: every server line ends in :observer`,
      "observers do not vote, so no leader could ever be elected",
      "make at least one of them a participant",
    );
  }
}

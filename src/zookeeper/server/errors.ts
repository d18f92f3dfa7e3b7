/** How a server says why it cannot go on: the errors of start-up, configuration and disk. */
import { type ExitCode, exitCodes, FsError, messageOf, NetError, StormLabError } from "../../base/index.ts";

export function configError(code: string, what: string, why: string, hint: string): StormLabError {
  return new StormLabError({ code, what, why, hint, exitCode: exitCodes.preflight });
}

export function damagedLog(path: string, offset: number, reason: string): StormLabError {
  return new StormLabError({
    code: "SL-ZK-LOG-DAMAGED",
    what: `transaction log ${path} is damaged at byte ${offset}: ${reason}`,
    why: "valid transactions follow the damage, so it is no torn last write; starting would lose acknowledged writes",
    hint: "nothing was changed: restore the file, or empty this server's data folders and let it copy from the ensemble",
    exitCode: exitCodes.refused,
  });
}

export function missingTransactions(path: string, after: string, next: string): StormLabError {
  return new StormLabError({
    code: "SL-ZK-LOG-DAMAGED",
    what: `transactions are missing between ${after} and ${next} in ${path}`,
    why: "a log file was removed or cut, or the snapshot that covered it was",
    hint: "nothing was changed: restore the files, or empty this server's data folders and let it copy from the ensemble",
    exitCode: exitCodes.refused,
  });
}

export function misplacedFile(path: string, words: string, key: string): StormLabError {
  return new StormLabError({
    code: "SL-ZK-FOLDERS",
    what: `${words}: ${path}`,
    why: "dataLogDir or dataDir was changed after the server had run; what lies in the other folder would be forgotten",
    hint: `set ${key} to where the files are, or move all files of this kind into ${key}/version-2`,
    exitCode: exitCodes.preflight,
  });
}

export function noSnapshot(dataDir: string): StormLabError {
  return new StormLabError({
    code: "SL-ZK-NO-SNAPSHOT",
    what: `No snapshot found in ${dataDir}, but there are log entries. Something is broken!`,
    why: "every data folder begins with a snapshot; all of this one's are missing or damaged",
    hint: "restore a snapshot file, or set snapshot.trust.empty=true once to replay the log alone",
    exitCode: exitCodes.refused,
  });
}

export function epochError(accepted: number, current: number): StormLabError {
  return new StormLabError({
    code: "SL-ZK-EPOCH",
    what: `The accepted epoch, ${accepted} is less than the current epoch, ${current}`,
    why: "the files acceptedEpoch and currentEpoch come from different servers or were edited",
    hint: "restore both from one backup, or empty this server's data folders and let it copy from the ensemble",
    exitCode: exitCodes.refused,
  });
}

/** The same error in words when the disk refused; anything else unchanged. */
export function diskError(error: unknown, doing: string): unknown {
  if (!(error instanceof FsError)) return error;
  const { code, path } = error;
  if (code === "ENOSPC") {
    return new StormLabError({
      code: "SL-ZK-DISK-FULL",
      what: `no space left on the disk of ${path} while ${doing}`,
      why: "logs and snapshots are kept until they are purged, and something filled the disk",
      hint: "free space, set autopurge.purgeInterval=1, start the server again: what was acknowledged is safe",
      exitCode: exitCodes.refused,
      cause: error,
    });
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new StormLabError({
      code: "SL-ZK-DISK-ACCESS",
      what: `may not write ${path} while ${doing} (${code})`,
      why: "the folder belongs to another user or is read-only",
      hint: "start the server as the owner of dataDir and dataLogDir, or change their owner",
      exitCode: exitCodes.preflight,
      cause: error,
    });
  }
  return new StormLabError({
    code: "SL-ZK-DISK",
    what: `the disk failed at ${path} while ${doing}: ${messageOf(error)}`,
    why: "the operating system refused the operation",
    hint: "look at the disk and its file system; what was acknowledged before is on it",
    exitCode: exitCodes.refused,
    cause: error,
  });
}

export function portError(error: unknown, port: number, use: string, exitCode: ExitCode = exitCodes.conflict): unknown {
  if (!(error instanceof NetError)) return error;
  const { code } = error;
  if (code === "EADDRINUSE") {
    return new StormLabError({
      code: "SL-ZK-PORT-BUSY",
      what: `port ${port} (${use}) is in use: Address already in use`,
      why: "another server, perhaps an earlier ZooKeeper, listens there",
      hint: `stop it, or set another ${use} in zoo.cfg; \`ss -ltnp\` names the process`,
      exitCode,
      cause: error,
    });
  }
  return new StormLabError({
    code: "SL-ZK-PORT",
    what: `cannot listen on port ${port} (${use}): ${messageOf(error)}`,
    why: code === "EACCES" ? "ports below 1024 need privileges" : "the address does not belong to this machine",
    hint: `set another ${use} or clientPortAddress in zoo.cfg`,
    exitCode,
    cause: error,
  });
}

/** The election port of this server's own line cannot be opened. */
export function electionPortError(error: unknown, host: string, port: number, serverId: number): unknown {
  if (!(error instanceof NetError)) return error;
  const busy = error.code === "EADDRINUSE";
  return new StormLabError({
    code: busy ? "SL-ZK-PORT-BUSY" : "SL-ZK-PORT",
    what: busy
      ? `port ${port} (election port of server.${serverId}) is in use: Address already in use`
      : `cannot listen on ${host}:${port} (election port of server.${serverId}): ${messageOf(error)}`,
    why: busy
      ? `this server runs already, or another one has ${serverId} in its myid too`
      : `myid says that this machine is server.${serverId}, but ${host} is no address of it`,
    hint: busy
      ? "stop the other one, or give each server its own number in dataDir/myid"
      : "correct myid or the host; behind address translation set quorumListenOnAllIPs=true",
    exitCode: busy ? exitCodes.conflict : exitCodes.preflight,
    cause: error,
  });
}

/** The codes of the client's errors, each with its meaning and the way out. */
import { type ErrorCodes, type ExitCode, exitCodes } from "../../base/index.ts";

interface CodeText {
  readonly meaning: string;
  readonly hint: string;
  readonly exitCode: ExitCode;
  /** The same call may succeed later. */
  readonly retriable: boolean;
}

export const zooKeeperClientErrorCodes = {
  "SL-ZK-NO-NODE": text(
    "The node does not exist: nobody has created it, or it was deleted.",
    "See what is there with storm-lab zk ls on its parent.",
  ),
  "SL-ZK-NODE-EXISTS": text(
    "The node exists already: somebody created it before.",
    "Set its data instead, or delete it first.",
    exitCodes.conflict,
  ),
  "SL-ZK-NOT-EMPTY": text("A node with children cannot be deleted.", "Delete its children first.", exitCodes.conflict),
  "SL-ZK-BAD-VERSION": text(
    "Somebody changed the node since its version was read.",
    "Read it again and decide anew.",
    exitCodes.conflict,
  ),
  "SL-ZK-EPHEMERAL-CHILDREN": text(
    "The parent is ephemeral, and ephemeral nodes have no children.",
    "Create the node under a persistent one.",
    exitCodes.conflict,
  ),
  "SL-ZK-NO-AUTH": text(
    "The ACL of the node, or of its parent, does not grant this to you.",
    "Authenticate as one of the identities in the ACL.",
    exitCodes.access,
  ),
  "SL-ZK-AUTH-FAILED": text(
    "The server does not accept these credentials.",
    "Check scheme, user and password.",
    exitCodes.access,
  ),
  "SL-ZK-INVALID-ACL": text(
    "The ACL is empty or malformed, or names a scheme that the server does not know.",
    "Give an ACL such as world:anyone:cdrwa.",
    exitCodes.usage,
  ),
  "SL-ZK-BAD-ARGUMENTS": text(
    "A path starts with /, does not end with one, and has no empty, . or .. part.",
    "Correct the path or the arguments.",
    exitCodes.usage,
  ),
  "SL-ZK-UNIMPLEMENTED": text(
    "The server, its configuration or the chosen client library lacks this operation.",
    "For TTL nodes set extendedTypesEnabled=true in zoo.cfg.",
    exitCodes.unsupported,
  ),
  "SL-ZK-NO-WATCHER": text("This client has set no such watch on the node.", "Nothing needs to be removed."),
  "SL-ZK-QUOTA": text(
    "The node or one above it has a quota, and this would exceed it.",
    "Raise the quota under /zookeeper/quota, or delete data.",
  ),
  "SL-ZK-READ-ONLY": text(
    "The server has no quorum and serves reads only.",
    "Start a majority of the servers.",
    exitCodes.noCluster,
    true,
  ),
  "SL-ZK-THROTTLED": text(
    "The server has more requests than it can carry.",
    "Try again later.",
    exitCodes.refused,
    true,
  ),
  "SL-ZK-SESSION-MOVED": text("The session was taken over through another connection.", "Use the newer connection."),
  "SL-ZK-SESSION-EXPIRED": text(
    "The servers heard nothing of the session for its time-out; its ephemeral nodes are gone.",
    "Read the state again in the new session and decide anew.",
    exitCodes.noCluster,
  ),
  "SL-ZK-CONNECTION-LOSS": text(
    "The connection broke before the answer came: the write may have happened or not.",
    "Read what is there, then decide whether to write again.",
    exitCodes.noCluster,
    true,
  ),
  "SL-ZK-UNREACHABLE": text(
    "No server answers there, or too few of them run for a majority.",
    "See what runs with storm-lab zookeeper ensemble status.",
    exitCodes.noCluster,
    true,
  ),
  "SL-ZK-QUEUE-FULL": text(
    "Requests come faster than the servers answer.",
    "Await earlier requests first.",
    exitCodes.refused,
    true,
  ),
  "SL-ZK-TOO-LARGE": text(
    "A request may not exceed jute.maxbuffer, 1 MiB.",
    "Store large values elsewhere and keep their place in ZooKeeper.",
    exitCodes.usage,
  ),
  "SL-ZK-ABORTED": text(
    "The caller gave the call up; a write that was sent may still happen.",
    "Read what is there.",
    exitCodes.interrupted,
  ),
  "SL-ZK-CLOSED": text("The client was closed before or during the call.", "Open a new client."),
  "SL-ZK-CONNECT-STRING": text(
    "Servers are listed as host:port,host:port without a path.",
    "For example 127.0.0.1:2181,127.0.0.1:2182.",
    exitCodes.usage,
  ),
  "SL-ZK-REFUSED": text(
    "The server answered with an error that has no code of its own here.",
    "See the server's log.",
    exitCodes.refused,
  ),
} as const satisfies ErrorCodes & Readonly<Record<string, CodeText>>;

function text(meaning: string, hint: string, exitCode: ExitCode = exitCodes.refused, retriable = false): CodeText {
  return { meaning, hint, exitCode, retriable };
}

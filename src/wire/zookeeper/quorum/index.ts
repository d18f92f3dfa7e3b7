/** ZooKeeper's bytes between servers: the election port and the quorum port. */
export {
  anonymousObserver,
  encodeInitialMessage,
  formatAddress,
  type InitialMessage,
  type InitialMessageReading,
  parseAddress,
  readInitialMessage,
} from "./initial-message.ts";
export {
  decodeNotification,
  encodeNotification,
  maxNotificationBytes,
  type NotificationMessage,
} from "./notification.ts";
export {
  decodeForwardedRequest,
  decodeInt,
  decodeLearnerInfo,
  decodeRevalidateAnswer,
  decodeTouchedSessions,
  encodeForwardedRequest,
  encodeInt,
  encodeLearnerInfo,
  encodeRevalidateAnswer,
  encodeTouchedSessions,
  type ForwardedRequest,
  type LearnerInfo,
  type TouchedSession,
  zabProtocolVersion,
} from "./payloads.ts";
export { encodeQuorumPacket, packetName, packetType, type QuorumPacket } from "./quorum-packet.ts";
export { QuorumStream } from "./quorum-stream.ts";

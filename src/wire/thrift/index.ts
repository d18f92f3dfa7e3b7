/** Storm's Thrift: its structs, exceptions and services, in the bytes of the binary protocol. */
export {
  type ApplicationError,
  type ApplicationExceptionKind,
  applicationError,
  isApplicationError,
  readApplicationException,
  writeApplicationException,
} from "./application-exception.ts";
export { thriftErrorCodes } from "./error-codes.ts";
export type { ExceptionType, ThriftException } from "./exception.ts";
export { gzipThrift, type Packed } from "./gzip.ts";
export { type MessageHead, messageType, readMessageHead, writeMessageHead } from "./messages.ts";
export { ThriftReader } from "./reader.ts";
export type { ArgumentsOf, Method, Methods, ResultOf, Service } from "./service.ts";
export * from "./storm/blobs.ts";
export * from "./storm/cluster-state.ts";
export * from "./storm/drpc-services.ts";
export * from "./storm/exceptions.ts";
export * from "./storm/executor-stats.ts";
export * from "./storm/heartbeats.ts";
export * from "./storm/local-state.ts";
export { Nimbus } from "./storm/nimbus-service.ts";
export * from "./storm/options.ts";
export * from "./storm/page-infos.ts";
export * from "./storm/summaries.ts";
export { Supervisor } from "./storm/supervisor-service.ts";
export * from "./storm/topology.ts";
export * from "./storm/topology-info.ts";
export type { StructType } from "./struct.ts";
export type { Type, TypeOf } from "./types.ts";
export { ThriftWriter } from "./writer.ts";

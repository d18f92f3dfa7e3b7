/** What the tests use of Apache Thrift's own package for Node, which brings no types. */
declare module "thrift" {
  import type { EventEmitter } from "node:events";
  import type { Server } from "node:net";

  export interface TProtocol {
    writeMessageBegin(name: string, type: number, sequenceId: number): void;
    writeMessageEnd(): void;
    writeStructBegin(name: string): void;
    writeStructEnd(): void;
    writeFieldBegin(name: string, type: number, id: number): void;
    writeFieldEnd(): void;
    writeFieldStop(): void;
    writeI32(value: number): void;
    writeString(value: string): void;
    flush(): void;
    readMessageBegin(): { readonly fname: string; readonly mtype: number; readonly rseqid: number };
    readMessageEnd(): void;
    readStructBegin(): void;
    readStructEnd(): void;
    readFieldBegin(): { readonly ftype: number; readonly fid: number };
    readFieldEnd(): void;
    readI32(): number;
    readString(): string;
    skip(type: number): void;
  }

  export interface TTransport {
    setCurrSeqId(id: number): void;
  }

  export class TApplicationException extends Error {
    type: number;
    constructor(type?: number, message?: string);
    read(input: TProtocol): void;
    write(output: TProtocol): void;
  }

  export interface Connection extends EventEmitter {
    end(): void;
  }

  export interface ThriftOptions {
    readonly transport: object;
    readonly protocol: object;
  }

  interface Thrift {
    readonly Thrift: {
      readonly Type: Readonly<Record<"STOP" | "I32" | "STRING" | "STRUCT", number>>;
      readonly MessageType: Readonly<Record<"CALL" | "REPLY" | "EXCEPTION", number>>;
      readonly TApplicationExceptionType: Readonly<Record<"UNKNOWN_METHOD" | "INTERNAL_ERROR", number>>;
      readonly TApplicationException: typeof TApplicationException;
    };
    readonly TFramedTransport: object;
    readonly TBinaryProtocol: object;
    createConnection(host: string, port: number, options: ThriftOptions): Connection;
    createClient<C>(
      client: new (output: TTransport, protocol: new (transport: TTransport) => TProtocol) => C,
      connection: Connection,
    ): C;
    createServer<H>(
      processor: new (handler: H) => { process(input: TProtocol, output: TProtocol): void },
      handler: H,
      options: ThriftOptions,
    ): Server;
  }

  const thrift: Thrift;
  export default thrift;
}

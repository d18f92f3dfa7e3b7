/** DistributedRPC on Apache Thrift's own package for Node, written as its generator writes services. */
import thrift, { type TApplicationException, type TProtocol, type TTransport } from "thrift";

export class TheirDrpcException extends Error {
  readonly type: number | undefined;
  constructor(message: string, type: number | undefined) {
    super(message);
    this.type = type;
  }
}

const { Type, MessageType, TApplicationExceptionType } = thrift.Thrift;
export const framedBinary = { transport: thrift.TFramedTransport, protocol: thrift.TBinaryProtocol };

type Callback = (error: Error | null, answer?: string) => void;

export class TheirDrpcClient {
  readonly #output: TTransport;
  readonly #protocol: new (
    transport: TTransport,
  ) => TProtocol;
  /** The connection looks here for who waits. */
  readonly _reqs: Record<number, Callback | undefined> = {};
  #sequenceId = 0;

  constructor(output: TTransport, protocol: new (transport: TTransport) => TProtocol) {
    this.#output = output;
    this.#protocol = protocol;
  }

  call(method: string, functionName: string, funcArgs: string): Promise<string> {
    const id = ++this.#sequenceId;
    return new Promise((resolve, reject) => {
      this._reqs[id] = (error, answer) => (error === null ? resolve(answer ?? "") : reject(error));
      const output = new this.#protocol(this.#output);
      this.#output.setCurrSeqId(id);
      output.writeMessageBegin(method, MessageType.CALL, id);
      output.writeStructBegin("execute_args");
      writeString(output, 1, functionName);
      writeString(output, 2, funcArgs);
      output.writeFieldStop();
      output.writeStructEnd();
      output.writeMessageEnd();
      output.flush();
    });
  }

  recv_execute(input: TProtocol, type: number, id: number): void {
    this.#answered(input, type, id);
  }

  recv_noSuchMethod(input: TProtocol, type: number, id: number): void {
    this.#answered(input, type, id);
  }

  #answered(input: TProtocol, type: number, id: number): void {
    const callback = this._reqs[id] as Callback;
    delete this._reqs[id];
    if (type === MessageType.EXCEPTION) {
      const refusal: TApplicationException = new thrift.Thrift.TApplicationException();
      refusal.read(input);
      input.readMessageEnd();
      callback(refusal);
      return;
    }
    let answer: string | undefined;
    let error: Error | null = null;
    eachField(input, (fieldType, fieldId) => {
      if (fieldId === 0 && fieldType === Type.STRING) answer = input.readString();
      else if (fieldId === 1 && fieldType === Type.STRUCT) error = readException(input);
      else input.skip(fieldType);
    });
    input.readMessageEnd();
    callback(error, answer);
  }
}

export type TheirHandler = (functionName: string, funcArgs: string) => Promise<string>;

export class TheirDrpcProcessor {
  readonly #handler: TheirHandler;

  constructor(handler: TheirHandler) {
    this.#handler = handler;
  }

  process(input: TProtocol, output: TProtocol): void {
    const { fname, rseqid } = input.readMessageBegin();
    const args: string[] = [];
    eachField(input, (fieldType, fieldId) => {
      if (fieldType === Type.STRING) args[fieldId] = input.readString();
      else input.skip(fieldType);
    });
    input.readMessageEnd();
    if (fname !== "execute") {
      refuse(output, fname, rseqid, TApplicationExceptionType.UNKNOWN_METHOD, `Unknown function ${fname}`);
      return;
    }
    this.#handler(args[1] ?? "", args[2] ?? "").then(
      (answer) => reply(output, rseqid, () => writeString(output, 0, answer)),
      (error: unknown) => {
        if (error instanceof TheirDrpcException) reply(output, rseqid, () => writeException(output, error));
        else refuse(output, fname, rseqid, TApplicationExceptionType.INTERNAL_ERROR, String(error));
      },
    );
  }
}

function reply(output: TProtocol, id: number, writeResult: () => void): void {
  output.writeMessageBegin("execute", MessageType.REPLY, id);
  output.writeStructBegin("execute_result");
  writeResult();
  output.writeFieldStop();
  output.writeStructEnd();
  output.writeMessageEnd();
  output.flush();
}

function refuse(output: TProtocol, name: string, id: number, kind: number, message: string): void {
  output.writeMessageBegin(name, MessageType.EXCEPTION, id);
  new thrift.Thrift.TApplicationException(kind, message).write(output);
  output.writeMessageEnd();
  output.flush();
}

function writeString(output: TProtocol, id: number, value: string): void {
  output.writeFieldBegin("", Type.STRING, id);
  output.writeString(value);
  output.writeFieldEnd();
}

function writeException(output: TProtocol, error: TheirDrpcException): void {
  output.writeFieldBegin("e", Type.STRUCT, 1);
  output.writeStructBegin("DRPCExecutionException");
  writeString(output, 1, error.message);
  if (error.type !== undefined) {
    output.writeFieldBegin("type", Type.I32, 2);
    output.writeI32(error.type);
    output.writeFieldEnd();
  }
  output.writeFieldStop();
  output.writeStructEnd();
  output.writeFieldEnd();
}

function readException(input: TProtocol): TheirDrpcException {
  let message = "";
  let type: number | undefined;
  eachField(input, (fieldType, fieldId) => {
    if (fieldId === 1) message = input.readString();
    else if (fieldId === 2) type = input.readI32();
    else input.skip(fieldType);
  });
  return new TheirDrpcException(message, type);
}

function eachField(input: TProtocol, read: (type: number, id: number) => void): void {
  input.readStructBegin();
  for (;;) {
    const { ftype, fid } = input.readFieldBegin();
    if (ftype === Type.STOP) break;
    read(ftype, fid);
    input.readFieldEnd();
  }
  input.readStructEnd();
}

/** Where the result of a request goes, as Storm's DRPCSpout emits it beside the arguments: JSON `{"id","host","port"}`. */

export interface ReturnInfo {
  /** Of the request. */
  readonly id: string;
  /** Of the server's invocations port; the name of a LocalDRPC when the port is 0. */
  readonly host: string;
  readonly port: number;
}

export function encodeReturnInfo({ id, host, port }: ReturnInfo): string {
  return JSON.stringify({ id, host, port });
}

/** Null: it is none. */
export function decodeReturnInfo(text: unknown): ReturnInfo | null {
  try {
    const { id, host, port } = JSON.parse(String(text)) as Record<string, unknown>;
    if (typeof id !== "string" || typeof host !== "string" || !Number.isInteger(port)) return null;
    return { id, host, port: port as number };
  } catch {
    return null;
  }
}

/** How nimbuses are called in the leader latch and in the blob store's nodes: `host:port:tlsPort`. */
export interface NimbusInfo {
  readonly host: string;
  readonly port: number;
  /** 0: none. */
  readonly tlsPort: number;
}

export function nimbusInfoText({ host, port, tlsPort }: NimbusInfo): string {
  return `${host}:${port}:${tlsPort}`;
}

/** Null: not of that form. Older nimbuses leave the TLS port out. */
export function parseNimbusInfo(text: string): NimbusInfo | null {
  const parsed = /^(.+?):(\d{1,5})(?::(\d{1,5}))?$/.exec(text);
  if (parsed === null) return null;
  return { host: parsed[1] ?? "", port: Number(parsed[2]), tlsPort: Number(parsed[3] ?? 0) };
}

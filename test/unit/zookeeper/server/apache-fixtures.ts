/** Bytes that Apache ZooKeeper 3.8.4 wrote, captured on loopback; see the first line of each file. */
import { readFileSync } from "node:fs";

const folder = new URL("fixtures/", import.meta.url);

function lines(name: string): string[] {
  return readFileSync(new URL(name, folder), "latin1").split("\n");
}

/** The files of one `version-2` folder by name, log padding cut. */
export function apacheFiles(): Map<string, Buffer> {
  const files = new Map<string, string>();
  let name = "";
  for (const line of lines("apache-data.hex")) {
    if (/^(log|snapshot)\./.test(line)) name = line;
    else if (/^[0-9a-f]+$/.test(line)) files.set(name, (files.get(name) ?? "") + line);
  }
  return new Map([...files].map(([file, hex]) => [file, Buffer.from(hex, "hex")]));
}

/** Requests and what came back, whole frames. */
export function apacheExchange(): { readonly request: Buffer; readonly reply: string }[] {
  const exchange: { request: Buffer; reply: string }[] = [];
  for (const line of lines("apache-exchange.hex")) {
    if (line.startsWith("> ")) exchange.push({ request: Buffer.from(line.slice(2), "hex"), reply: "" });
    else if (line.startsWith("< ")) exchange.at(-1)!.reply = line.slice(2);
  }
  return exchange;
}

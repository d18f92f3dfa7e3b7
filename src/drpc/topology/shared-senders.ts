/** Senders of results that the components of a process share: one for each server, as long as somebody uses it. */
import type { Runtime } from "../../base/index.ts";
import { localSender, RemoteSender, type ResultSender } from "./result-sender.ts";

export interface BorrowedSender extends ResultSender {
  giveBack(): Promise<void>;
}

interface Shared {
  readonly sender: RemoteSender;
  users: number;
}

const senders = new WeakMap<Runtime, Map<string, Shared>>();

/** `port` 0: `host` names a LocalDRPC. */
export function borrowSender(runtime: Runtime, host: string, port: number, maxFrameBytes: number): BorrowedSender {
  if (port === 0) return { ...localSender(host), giveBack: async () => {} };
  const own = senders.get(runtime) ?? new Map<string, Shared>();
  senders.set(runtime, own);
  const name = `${host}:${port}`;
  const shared = own.get(name) ?? { sender: new RemoteSender(runtime, host, port, maxFrameBytes), users: 0 };
  own.set(name, shared);
  shared.users++;
  return {
    send: (result) => shared.sender.send(result),
    giveBack: async () => {
      if (--shared.users > 0) return;
      own.delete(name);
      await shared.sender.close();
    },
  };
}

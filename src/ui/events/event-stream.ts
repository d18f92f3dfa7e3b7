/**
 * The event stream as server-sent events. Whoever comes gets a `picture` first, the cluster as it stands, then each event with an id;
 * whoever comes back with the last id it had (`Last-Event-ID`) gets what it missed, or a picture when that is not known any more.
 * Source: HTML standard, "Server-sent events".
 */
import type { Runtime } from "../../base/index.ts";
import type { HttpStream } from "../../http/index.ts";
import type { HttpRequest } from "../../wire/http/index.ts";
import type { ClusterEvent } from "./cluster-event.ts";
import type { ClusterPicture } from "./cluster-picture.ts";
import type { ClusterWatch } from "./cluster-watch.ts";

export interface StreamStart {
  /** What is to be written first. */
  readonly text: string;
  /** Numbers up to this one are in it. */
  readonly seq: number;
}

/** What a request for the stream is answered. `life`: of this daemon. */
export function eventStream(
  { timers }: Runtime,
  watch: ClusterWatch,
  life: string,
): (request: Pick<HttpRequest, "headers">) => HttpStream {
  return ({ headers }) => ({
    status: 200,
    contentType: "text/event-stream;charset=utf-8",
    begin: (write) => {
      write(streamStart(watch, life, headers.get("last-event-id") ?? null).text);
      const forget = watch.log.listen((event) => write(eventText(life, event)));
      const timer = timers.every(keepAliveEveryMs, () => write(keepAliveText));
      return () => {
        forget();
        timer.cancel();
      };
    },
  });
}

/** Proxies and time-outs of sockets are longer. */
const keepAliveEveryMs = 15_000;

/** `life`: of the daemon; ids of another one say nothing here. `lastEventId`: of who comes back. */
export function streamStart({ log, picture }: ClusterWatch, life: string, lastEventId: string | null): StreamStart {
  const seq = log.lastSeq;
  const missed = missedSince(log, life, lastEventId);
  const text =
    missed === null
      ? message(`${life}-${seq}`, "picture", pictureJson(picture))
      : missed.map((event) => eventText(life, event)).join("");
  return { text: `retry: ${retryMs}\n\n${text}`, seq };
}

export function eventText(life: string, event: ClusterEvent): string {
  return message(`${life}-${event.seq}`, "happening", event);
}

/** Comes when nothing else does, so that both sides notice a broken connection. */
const keepAliveText = ": still here\n\n";

const retryMs = 1000;

function missedSince(
  log: ClusterWatch["log"],
  life: string,
  lastEventId: string | null,
): readonly ClusterEvent[] | null {
  const [, itsLife, seq] = /^(.+)-(\d{1,15})$/.exec(lastEventId ?? "") ?? [];
  return itsLife === life ? log.after(Number(seq)) : null;
}

function message(id: string, event: string, data: unknown): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Maps become objects, or lists where the key is told inside. */
function pictureJson({ nimbuses, leader, supervisors, topologies }: ClusterPicture): unknown {
  return {
    nimbuses: [...nimbuses.values()],
    leader: leader === null ? null : (nimbuses.get(leader) ?? null),
    supervisors: [...supervisors].map(([id, supervisor]) => ({ id, ...supervisor })),
    topologies: [...topologies].map(([id, { slots, beating, errors, ...topology }]) => ({
      id,
      ...topology,
      slots: [...slots.values()],
      beating: [...beating.values()],
      errors: [...errors].map(([component, error]) => ({ component, ...error })),
    })),
  };
}

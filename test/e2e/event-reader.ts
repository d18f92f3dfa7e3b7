/** A client of server-sent events, as a browser is one. Source: HTML standard, "Server-sent events". */
import { deadline } from "../kit/index.ts";

export interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const eventMs = 60_000;

export class EventReader implements AsyncDisposable {
  /** All that came, in order. */
  readonly all: ServerSentEvent[] = [];
  readonly #abort: AbortController;
  readonly #waiting = new Set<() => void>();
  #reading: Promise<void> = Promise.resolve();

  private constructor(abort: AbortController) {
    this.#abort = abort;
  }

  static async open(url: string, lastEventId?: string): Promise<EventReader> {
    const abort = new AbortController();
    const headers: Record<string, string> = lastEventId === undefined ? {} : { "Last-Event-ID": lastEventId };
    const response = await fetch(url, { headers, signal: abort.signal });
    if (response.body === null) throw new Error(`${url} has no body`);
    const reader = new EventReader(abort);
    reader.#reading = reader.#read(response.body).catch((error: unknown) => {
      if (!abort.signal.aborted) throw error;
    });
    return reader;
  }

  /** The first of this kind that holds, of those that came and those that come. */
  until(event: string, holds: (data: ServerSentEvent["data"]) => boolean = () => true): Promise<ServerSentEvent> {
    const found = new Promise<ServerSentEvent>((resolve) => {
      const look = (): void => {
        const match = this.all.find((each) => each.event === event && holds(each.data));
        if (match === undefined) return;
        this.#waiting.delete(look);
        resolve(match);
      };
      this.#waiting.add(look);
      look();
    });
    return deadline(found, eventMs, `the event ${event}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#reading;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = "";
    for await (const piece of body.pipeThrough(new TextDecoderStream())) {
      const blocks = `${text}${piece}`.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) this.#block(block);
      for (const look of this.#waiting) look();
    }
  }

  #block(block: string): void {
    const fields = new Map(block.split("\n").map((line) => [line.replace(/:.*/, ""), line.replace(/^[^:]*: ?/, "")]));
    const data = fields.get("data");
    if (data === undefined) return;
    const { id = "", event = "message" } = Object.fromEntries(fields);
    this.all.push({ id, event, data: JSON.parse(data) as Record<string, unknown> });
  }
}

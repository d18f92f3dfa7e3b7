/** Cuts a text stream into server-sent events. Source: HTML standard, "Server-sent events", 9.2.6. */

export interface ServerSentEvent {
  /** The last id that was told, with this event or before it; empty: none was. */
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

export interface EventParts {
  event(event: ServerSentEvent): void;
  /** How long to wait before the stream is asked for again. */
  retry(delayMs: number): void;
}

export class EventParser {
  readonly #parts: EventParts;
  readonly #decoder = new TextDecoder();
  /** A line that has no end yet. */
  #rest = "";
  #id = "";
  #event = "";
  #data: string[] = [];

  constructor(parts: EventParts) {
    this.#parts = parts;
  }

  /** Characters of an event that is not complete. */
  get heldLength(): number {
    return this.#data.reduce((sum, line) => sum + line.length, this.#rest.length);
  }

  push(piece: Uint8Array): void {
    const text = this.#rest + this.#decoder.decode(piece, { stream: true });
    // A line end may be CR LF whose second half has not come.
    const whole = text.endsWith("\r") ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + text.slice(whole.length);
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (line === "") {
      this.#dispatch();
      return;
    }
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") this.#data.push(value);
    else if (name === "event") this.#event = value;
    else if (name === "id" && !value.includes("\0")) this.#id = value;
    else if (name === "retry" && /^\d{1,9}$/.test(value)) this.#parts.retry(Number(value));
  }

  #dispatch(): void {
    const [event, data] = [this.#event, this.#data];
    this.#event = "";
    this.#data = [];
    if (data.length > 0)
      this.#parts.event({ id: this.#id, event: event === "" ? "message" : event, data: data.join("\n") });
  }
}

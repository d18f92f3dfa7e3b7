/** Tuples on their way inside one process, by reference: seven numbers, further anchors and values each, and no object. */
import type { MoreAnchors, TupleSink } from "../../wire/tuple/index.ts";

const width = 7;

export class Parcels {
  #numbers: number[] = [];
  #more: (MoreAnchors | null)[] = [];
  #values: (readonly unknown[])[] = [];

  get count(): number {
    return this.#values.length;
  }

  add(
    targetTask: number,
    sourceTask: number,
    stream: number,
    rootHi: number,
    rootLo: number,
    edgeHi: number,
    edgeLo: number,
    more: MoreAnchors | null,
    values: readonly unknown[],
  ): void {
    this.#numbers.push(targetTask, sourceTask, stream, rootHi, rootLo, edgeHi, edgeLo);
    this.#more.push(more);
    this.#values.push(values);
  }

  /** Empties itself into the sink, oldest first; what the sink's calls add here stays for the next time. */
  moveTo(sink: TupleSink): void {
    const numbers = this.#numbers;
    const more = this.#more;
    const values = this.#values;
    this.#numbers = [];
    this.#more = [];
    this.#values = [];
    for (let i = 0; i < values.length; i++) {
      const at = i * width;
      sink.tuple(
        numbers[at]!,
        numbers[at + 1]!,
        numbers[at + 2]!,
        numbers[at + 3]!,
        numbers[at + 4]!,
        numbers[at + 5]!,
        numbers[at + 6]!,
        more[i]!,
        values[i]!,
      );
    }
  }
}

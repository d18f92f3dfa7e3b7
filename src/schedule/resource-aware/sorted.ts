/** Items in order, of which mostly the first few are asked for: a heap, emptied as far as somebody looks. */

export class Sorted<Item, Shown> implements Iterable<Shown> {
  readonly #heap: Item[];
  readonly #before: (a: Item, b: Item) => boolean;
  readonly #show: (item: Item) => Shown;
  readonly #taken: Shown[] = [];

  /** `before`: a strict order. */
  constructor(items: readonly Item[], before: (a: Item, b: Item) => boolean, show: (item: Item) => Shown) {
    this.#heap = [...items];
    this.#before = before;
    this.#show = show;
    for (let index = (items.length >> 1) - 1; index >= 0; index--) this.#sink(index);
  }

  *[Symbol.iterator](): Iterator<Shown> {
    for (let index = 0; ; index++) {
      if (index === this.#taken.length && !this.#take()) return;
      yield this.#taken[index] as Shown;
    }
  }

  #take(): boolean {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return false;
    this.#taken.push(this.#show(first));
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return true;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    for (let index = from; ; ) {
      let first = index;
      for (const child of [2 * index + 1, 2 * index + 2])
        if (child < heap.length && this.#before(heap[child] as Item, heap[first] as Item)) first = child;
      if (first === index) return;
      [heap[index], heap[first]] = [heap[first] as Item, heap[index] as Item];
      index = first;
    }
  }
}

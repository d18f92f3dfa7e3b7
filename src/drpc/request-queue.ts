/** Requests of one function that wait to be fetched, in their order. Any of them leaves at once, wherever it stands: its client may go. */

export interface Queued<T> {
  previous: T | null;
  next: T | null;
}

export class RequestQueue<T extends Queued<T>> {
  #first: T | null = null;
  #last: T | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  pushLast(item: T): void {
    item.previous = this.#last;
    item.next = null;
    if (this.#last === null) this.#first = item;
    else this.#last.next = item;
    this.#last = item;
    this.#size++;
  }

  pushFirst(item: T): void {
    item.previous = null;
    item.next = this.#first;
    if (this.#first === null) this.#last = item;
    else this.#first.previous = item;
    this.#first = item;
    this.#size++;
  }

  peek(): T | null {
    return this.#first;
  }

  /** One that is in this queue. */
  remove(item: T): void {
    const { previous, next } = item;
    if (previous === null) this.#first = next;
    else previous.next = next;
    if (next === null) this.#last = previous;
    else next.previous = previous;
    item.previous = null;
    item.next = null;
    this.#size--;
  }
}

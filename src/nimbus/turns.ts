/** Work that must not run at the same time, one after the other in the order in which it came. */

export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** The next one begins when this one is settled, either way. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

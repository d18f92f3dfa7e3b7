/**
 * How the simulated world lets every promise settle between two events without a trip through the event loop.
 *
 * Node empties two queues after each macrotask, in turns: all ticks, then all microtasks, until both are empty. A tick
 * that is planned *from within a microtask* therefore runs when the microtask queue has been drained completely,
 * those that were added on the way included: exactly what a macrotask would wait for, at a fraction of its cost.
 * Code that itself plans ticks or macrotasks is not waited for; simulated code has neither (its timers, sockets and
 * files are the world's).
 */

/** Real macrotasks between so many drains keep signals, the test runner's deadlines and rejection reports alive. */
const drainsPerMacrotask = 1024;

const settled = Promise.resolve();

/** Calls `next` again and again, with every promise settled in between, until it returns false. */
export function repeatSettled(next: () => boolean): void {
  let drains = 0;
  const step = (): void => {
    if (!next()) return;
    if (++drains % drainsPerMacrotask === 0) setImmediate(step);
    else void settled.then(planStep);
  };
  const planStep = (): void => process.nextTick(step);
  void settled.then(planStep);
}

/** Whether a program runs topologies in LocalClusters of its own: then it needs to submit nothing. */

let begun = 0;
let active = 0;
let waiting: Array<() => void> = [];

/** Gives back how to say that the run is over. */
export function ownRunBegan(): () => void {
  begun++;
  active++;
  let isOver = false;
  settle();
  return () => {
    if (isOver) return;
    isOver = true;
    active--;
    settle();
  };
}

export function ownRunsBegun(): boolean {
  return begun > 0;
}

/** Resolves when there has been a run. */
export function untilOwnRun(): Promise<void> {
  return until(ownRunsBegun);
}

/** Resolves when there has been a run, and none is under way. */
export function untilOwnRunsOver(): Promise<void> {
  return until(() => begun > 0 && active === 0);
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    await promise;
  }
}

function settle(): void {
  const woken = waiting;
  waiting = [];
  for (const wake of woken) wake();
}

/**
 * What an author's code sees of its process while it makes a topology: the words and the working folder of the submit, also on
 * a worker, whose own are of no meaning to it. Otherwise a relative path in the arguments would name another file there.
 */

export interface AuthorSeat {
  /** The module, as `process.argv` names the program that runs. */
  readonly path: string;
  readonly args: readonly string[];
  /** Absolute. Only the process's idea of it: nothing is opened there. */
  readonly workingDirectory: string;
}

/** Seats that overlap are the same one: a process loads one topology. */
let taken = 0;
let leaveLast: (() => void) | null = null;

/** Until the returned function is called, which is idempotent. */
export function takeSeat({ path, args, workingDirectory }: AuthorSeat): () => void {
  if (taken++ === 0) {
    const { argv, cwd } = process;
    process.argv = [process.execPath, path, ...args];
    process.cwd = () => workingDirectory;
    leaveLast = () => {
      process.argv = argv;
      process.cwd = cwd;
    };
  }
  let left = false;
  return () => {
    if (left) return;
    left = true;
    if (--taken === 0) leaveLast?.();
  };
}

/** Takes the seat for as long as `work` runs, until its promise settles when it gives one. */
export function inSeat<T>(seat: AuthorSeat, work: () => T | Promise<T>): T | Promise<T> {
  const leave = takeSeat(seat);
  let answer: T | Promise<T>;
  try {
    answer = work();
  } catch (thrown) {
    leave();
    throw thrown;
  }
  if (isPromise(answer)) return Promise.resolve(answer).finally(leave);
  leave();
  return answer;
}

export function isPromise<T>(answer: T | Promise<T>): answer is Promise<T> {
  return typeof (answer as Partial<Promise<T>> | null | undefined)?.then === "function";
}

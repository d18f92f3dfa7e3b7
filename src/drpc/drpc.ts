/**
 * The calls of a DRPC server and the topologies that take them: one queue a function, first come first served. It knows no sockets; what it
 * answers, it answers through callbacks, each once. A call ends by a result, a failure, its time-out, its client's going or the server's
 * stop, whichever is first; what comes later is ignored.
 *
 * A topology either asks again and again (`fetch`, Storm's own way), or waits (`poll`) and is pushed to. What was pushed over a
 * connection that then ends goes back to the head of its queue; what was fetched in Storm's way stays with its topology, as with Storm.
 */
import type { Runtime, Timer } from "../base/index.ts";
import type { DRPCExecutionException } from "../wire/thrift/index.ts";
import { CallCounts } from "./call-counts.ts";
import {
  type Failure,
  failedAs,
  lostTooOften,
  requestFailed,
  shuttingDown,
  timedOut,
  tooManyWait,
  typeOf,
} from "./failures.ts";
import type { Fetcher, Poll, Request, Waiting } from "./request.ts";
import { RequestQueue } from "./request-queue.ts";

export interface DRPCLimits {
  /** From its coming to its end. */
  readonly requestTimeoutMs: number;
  /** Calls of one function that are not answered. */
  readonly functionWaitingMax: number;
  /** Characters of the arguments of all calls that are not answered. */
  readonly heldCharactersMax: number;
}

/** Spouts that may be lost with a call before it fails: it may be the call that ends them. */
const deliveriesMax = 3;
/** Calls and characters of one push. A longer one goes alone. */
const pushMax = 1024;
const pushCharactersMax = 256 * 1024;

interface FunctionCalls {
  readonly queue: RequestQueue<Request>;
  readonly polls: RequestQueue<Poll>;
  /** Queued or fetched. */
  waiting: number;
  isDue: boolean;
}

export class DRPC {
  readonly counts = new CallCounts();
  readonly #runtime: Pick<Runtime, "clock" | "timers" | "random">;
  readonly #limits: DRPCLimits;
  readonly #functions = new Map<string, FunctionCalls>();
  /** In the order of their coming, which is that of their ends: all have the same time. */
  readonly #requests = new Map<string, Request>();
  #lastId: number;
  #heldCharacters = 0;
  #timer: Timer | null = null;
  #isClosed = false;

  constructor(runtime: Pick<Runtime, "clock" | "timers" | "random">, limits: DRPCLimits) {
    this.#runtime = runtime;
    this.#limits = limits;
    // Storm's begin at 1 in each life of a server, so that a late result of one life may answer a call of the next.
    this.#lastId = runtime.random.uint32() * idsOfALife;
  }

  /** Calls that are not answered. */
  get waitingCount(): number {
    return this.#requests.size;
  }

  /** Functions that are called, or that topologies wait for. */
  get functionCount(): number {
    return this.#functions.size;
  }

  /** A call; what is returned serves to withdraw it. Null: it was refused, and its failure told. */
  execute(functionName: string, args: string, waiting: Waiting): Request | null {
    const counts = this.counts.of(functionName);
    counts.executes();
    const refusal = this.#refusal(functionName, args);
    if (refusal !== null) {
      counts.fails(typeOf(refusal));
      waiting.failed(refusal);
      return null;
    }
    const request: Request = {
      id: String(++this.#lastId),
      functionName,
      args,
      dueMs: this.#runtime.clock.monotonicMs() + this.#limits.requestTimeoutMs,
      waiting,
      counts,
      state: "queued",
      holder: null,
      deliveries: 0,
      previous: null,
      next: null,
    };
    this.#requests.set(request.id, request);
    this.#heldCharacters += args.length;
    const calls = this.#callsOf(functionName);
    calls.waiting++;
    calls.queue.pushLast(request);
    this.#pushSoon(functionName, calls);
    if (this.#timer === null) this.#arm(request.dueMs);
    return request;
  }

  /** Its client has gone. */
  withdraw(request: Request): void {
    if (request.state !== "over") request.counts.withdraws();
    this.#end(request);
  }

  /** The oldest call, or null: at once, as Storm's topologies ask. */
  fetch(functionName: string): Request | null {
    const calls = this.#functions.get(functionName);
    const request = calls?.queue.peek() ?? null;
    if (calls === undefined || request === null) return null;
    calls.queue.remove(request);
    request.state = "fetched";
    return request;
  }

  /** Answers with calls as soon as there are any, with none after `waitMs`. Whoever waits longest is served first. */
  poll(functionName: string, max: number, waitMs: number, fetcher: Fetcher, answer: Poll["answer"]): void {
    if (this.#isClosed) {
      answer([]);
      return;
    }
    const calls = this.#callsOf(functionName);
    const timer = this.#runtime.timers.after(waitMs, () => this.#answerPoll(calls, poll, []));
    const poll: Poll = {
      functionName,
      max: Math.min(max, pushMax),
      fetcher,
      answer,
      forgetTimeout: () => timer.cancel(),
      previous: null,
      next: null,
    };
    fetcher.polls.add(poll);
    calls.polls.pushLast(poll);
    if (calls.queue.size > 0) this.#push(functionName, calls);
  }

  /** Calls that it had go to others. */
  fetcherGone(fetcher: Fetcher): void {
    for (const poll of fetcher.polls) {
      const calls = this.#callsOf(poll.functionName);
      poll.forgetTimeout();
      calls.polls.remove(poll);
      this.#forgetIfUnused(poll.functionName, calls);
    }
    fetcher.polls.clear();
    const lost = [...fetcher.requests].reverse();
    fetcher.requests.clear();
    for (const request of lost) this.#takeBack(request);
  }

  result(id: string, result: string): void {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    this.#end(request);
    const sinceMs = request.dueMs - this.#limits.requestTimeoutMs;
    request.counts.answers(this.#runtime.clock.monotonicMs() - sinceMs);
    request.waiting.answered(result);
  }

  /** `failure`: in the topology's words. */
  fail(id: string, failure: DRPCExecutionException | null): void {
    const request = this.#requests.get(id);
    if (request !== undefined) this.#fail(request, failure === null ? requestFailed() : failedAs(failure));
  }

  /** Everybody who waits is told; nobody is served any more. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer?.cancel();
    for (const calls of [...this.#functions.values()]) {
      for (let poll = calls.polls.peek(); poll !== null; poll = calls.polls.peek()) this.#answerPoll(calls, poll, []);
    }
    for (const request of [...this.#requests.values()]) this.#fail(request, shuttingDown());
  }

  #refusal(functionName: string, args: string): Failure | null {
    const { functionWaitingMax, heldCharactersMax } = this.#limits;
    if (this.#isClosed) return shuttingDown();
    const waiting = this.#functions.get(functionName)?.waiting ?? 0;
    if (waiting >= functionWaitingMax) return tooManyWait(functionName, `${waiting} of this function`);
    if (this.#heldCharacters + args.length <= heldCharactersMax || this.#requests.size === 0) return null;
    return tooManyWait(functionName, `${this.#requests.size} with ${this.#heldCharacters} characters of arguments`);
  }

  #callsOf(functionName: string): FunctionCalls {
    let calls = this.#functions.get(functionName);
    if (calls === undefined) {
      calls = { queue: new RequestQueue(), polls: new RequestQueue(), waiting: 0, isDue: false };
      this.#functions.set(functionName, calls);
    }
    return calls;
  }

  /** Names come from clients: a name that nobody waits for is not kept. */
  #forgetIfUnused(functionName: string, calls: FunctionCalls): void {
    const isUnused = calls.waiting === 0 && calls.polls.size === 0;
    if (isUnused && this.#functions.get(functionName) === calls) this.#functions.delete(functionName);
  }

  /** After the I/O that is waiting: calls that come together are pushed together. */
  #pushSoon(functionName: string, calls: FunctionCalls): void {
    if (calls.isDue || calls.polls.size === 0) return;
    calls.isDue = true;
    this.#runtime.timers.soon(() => {
      calls.isDue = false;
      this.#push(functionName, calls);
    });
  }

  /** Spread evenly over those who wait. */
  #push(functionName: string, calls: FunctionCalls): void {
    while (calls.queue.size > 0) {
      const poll = calls.polls.peek();
      if (poll === null) return;
      const share = Math.min(poll.max, Math.ceil(calls.queue.size / calls.polls.size));
      this.#answerPoll(calls, poll, this.#take(calls, poll.fetcher, share));
    }
    this.#forgetIfUnused(functionName, calls);
  }

  #take({ queue }: FunctionCalls, fetcher: Fetcher, count: number): Request[] {
    const taken: Request[] = [];
    let characters = 0;
    for (let request = queue.peek(); request !== null && taken.length < count; request = queue.peek()) {
      characters += request.args.length;
      if (taken.length > 0 && characters > pushCharactersMax) break;
      queue.remove(request);
      request.state = "fetched";
      request.holder = fetcher;
      request.deliveries++;
      fetcher.requests.add(request);
      taken.push(request);
    }
    return taken;
  }

  #answerPoll(calls: FunctionCalls, poll: Poll, requests: readonly Request[]): void {
    poll.forgetTimeout();
    calls.polls.remove(poll);
    poll.fetcher.polls.delete(poll);
    if (requests.length === 0) this.#forgetIfUnused(poll.functionName, calls);
    poll.answer(requests);
  }

  #takeBack(request: Request): void {
    request.holder = null;
    if (request.deliveries >= deliveriesMax) {
      this.#fail(request, lostTooOften(request.deliveries));
      return;
    }
    request.state = "queued";
    const calls = this.#callsOf(request.functionName);
    calls.queue.pushFirst(request);
    this.#pushSoon(request.functionName, calls);
  }

  #fail(request: Request, failure: Failure): void {
    this.#end(request);
    request.counts.fails(typeOf(failure));
    request.waiting.failed(failure);
  }

  #end(request: Request): void {
    if (request.state === "over") return;
    const calls = this.#callsOf(request.functionName);
    if (request.state === "queued") calls.queue.remove(request);
    request.state = "over";
    request.holder?.requests.delete(request);
    request.holder = null;
    this.#requests.delete(request.id);
    this.#heldCharacters -= request.args.length;
    calls.waiting--;
    this.#forgetIfUnused(request.functionName, calls);
  }

  #arm(dueMs: number): void {
    const delayMs = Math.max(0, dueMs - this.#runtime.clock.monotonicMs());
    this.#timer = this.#runtime.timers.after(delayMs, () => this.#expire());
  }

  #expire(): void {
    this.#timer = null;
    const nowMs = this.#runtime.clock.monotonicMs();
    for (const request of this.#requests.values()) {
      if (request.dueMs > nowMs) {
        this.#arm(request.dueMs);
        return;
      }
      this.#fail(request, timedOut(request.functionName, request.deliveries > 0 || request.state === "fetched"));
    }
  }
}

/** Before one life's ids reach those of another; the whole stays an exact number. */
const idsOfALife = 2 ** 20;

/** One press stops in good order, a second ends at once, and echoes of one press count as one. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, it } from "node:test";
import { watchForInterruption } from "../../../src/cli/interruption.ts";

class FakeProcess extends EventEmitter {
  readonly stdout: EventEmitter & { isTTY?: boolean } = new EventEmitter();
}

describe("an interruption", () => {
  it("aborts at the first Ctrl-C and ends at the second", () => {
    const { emit, later, interruption, ends } = watched();
    assert.equal(interruption.exitCode, undefined);
    emit("SIGINT");
    assert.equal(interruption.signal.aborted, true);
    assert.equal(interruption.exitCode, 130);
    assert.deepEqual(ends, []);
    later(1000);
    emit("SIGINT");
    assert.deepEqual(ends, [130]);
  });

  it("takes what follows at once for an echo of the same press", () => {
    const { emit, later, ends } = watched();
    emit("SIGINT");
    later(5);
    emit("SIGINT");
    later(200);
    emit("SIGINT");
    assert.deepEqual(ends, []);
  });

  it("answers SIGTERM in the same way, with its own code", () => {
    const { emit, later, interruption, ends } = watched();
    emit("SIGTERM");
    assert.equal(interruption.signal.aborted, true);
    assert.equal(interruption.exitCode, 143);
    later(1000);
    emit("SIGTERM");
    assert.deepEqual(ends, [143]);
  });

  it("ends quietly and well when nobody reads any more", () => {
    const { process, interruption } = watched();
    process.stdout.emit("error", Object.assign(new Error("broken pipe"), { code: "EPIPE" }));
    assert.equal(interruption.signal.aborted, true);
    assert.equal(interruption.exitCode, 0);
    assert.throws(
      () => process.stdout.emit("error", Object.assign(new Error("disk full"), { code: "ENOSPC" })),
      /disk full/,
    );
  });

  it("outlives the terminal that it does not write to, as under nohup", () => {
    assert.equal(watched().process.listenerCount("SIGHUP"), 1);
    assert.equal(watched({ tty: true }).process.listenerCount("SIGHUP"), 0);
  });
});

function watched(options: { readonly tty?: boolean } = {}) {
  const process = new FakeProcess();
  process.stdout.isTTY = options.tty ?? false;
  const ends: number[] = [];
  let nowMs = 1;
  const watch = (p: unknown) =>
    watchForInterruption(
      p as NodeJS.Process,
      () => nowMs,
      (code) => ends.push(code),
    );
  return {
    process,
    ends,
    interruption: watch(process),
    emit: (signal: string) => process.emit(signal),
    later: (ms: number) => {
      nowMs += ms;
    },
  };
}

/**
 * What message links have to do, whoever makes them: run for the simulated ones here, and for ZeroMQ's by the
 * tests of the transport room.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PullLink, PushLink, Runtime } from "../../../src/base/index.ts";
import { codeOf, pause, text } from "./conversation.ts";
import type { Place, Side } from "./sides.ts";

export interface LinksSuiteOptions {
  /** The transport of the addresses. Over `ipc` both runtimes have to be of one host. */
  readonly scheme: "tcp" | "ipc";
}

/** A puller that writes down what comes. */
class Inbox {
  readonly frames: string[] = [];
  readonly lengths: number[] = [];
  #waiting: (() => void)[] = [];

  readonly onFrame = (frame: Uint8Array): void => {
    this.lengths.push(frame.length);
    this.frames.push(frame.length > 100 ? `${frame.length} bytes` : new TextDecoder().decode(frame));
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  };

  async count(atLeast: number): Promise<void> {
    while (this.frames.length < atLeast) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

export function linksSuite(side: Side, options: LinksSuiteOptions): void {
  const bind = (place: Place, name: string): string =>
    options.scheme === "ipc" ? `ipc://${place.directory}/${name}` : "tcp://127.0.0.1:0";
  const pusher = (place: Place): Runtime => place.runtime;

  const open = async (place: Place, name = "a"): Promise<{ inbox: Inbox; pull: PullLink }> => {
    const inbox = new Inbox();
    return { inbox, pull: await place.runtime.links.pull(bind(place, name), inbox.onFrame) };
  };

  describe(`links over ${options.scheme}, ${side.name}`, () => {
    it("carries frames whole, in order and once, empty and large ones too", () =>
      side.run(async (place) => {
        const { inbox, pull } = await open(place);
        const push = pusher(place).links.push(pull.address);
        for (let i = 0; i < 500; i++) await push.send(text(`frame ${i}`));
        await push.send(new Uint8Array(0));
        await push.send(new Uint8Array(3_000_000));
        await push.send(text("last"));
        await inbox.count(503);
        assert.deepEqual(
          inbox.frames.slice(0, 500),
          Array.from({ length: 500 }, (_, i) => `frame ${i}`),
        );
        assert.deepEqual(inbox.lengths.slice(500), [0, 3_000_000, 4]);
        await Promise.all([push.close(), pull.close()]);
      }));

    it("takes frames before the puller is there", () =>
      side.run(async (place) => {
        const first = await open(place);
        await first.pull.close();
        const push = pusher(place).links.push(first.pull.address);
        await push.send(text("early"));
        await pause(place.runtime, 50);
        const inbox = new Inbox();
        const pull = await place.runtime.links.pull(first.pull.address, inbox.onFrame);
        await push.send(text("later"));
        await inbox.count(2);
        assert.deepEqual(inbox.frames, ["early", "later"]);
        await Promise.all([push.close(), pull.close()]);
      }));

    it("has one puller take from many pushers, each in its order", () =>
      side.run(async (place) => {
        const { inbox, pull } = await open(place);
        const pushes: PushLink[] = ["a", "b", "c"].map(() => pusher(place).links.push(pull.address));
        await Promise.all(
          pushes.map(async (push, who) => {
            for (let i = 0; i < 50; i++) await push.send(text(`${who} ${i}`));
          }),
        );
        await inbox.count(150);
        for (const who of [0, 1, 2]) {
          const own = inbox.frames.filter((frame) => frame.startsWith(`${who} `));
          assert.deepEqual(
            own,
            Array.from({ length: 50 }, (_, i) => `${who} ${i}`),
          );
        }
        await Promise.all([...pushes.map((push) => push.close()), pull.close()]);
      }));

    it("makes the sender wait for a puller that does not read, and loses nothing", () =>
      side.run(async (place) => {
        const { inbox, pull } = await open(place);
        pull.pause();
        const push = pusher(place).links.push(pull.address);
        const frame = new Uint8Array(200_000);
        const total = 2500;
        let sent = 0;
        const sending = (async () => {
          for (; sent < total; sent++) await push.send(frame);
        })();
        await pause(place.runtime, 500);
        assert.ok(sent < total, "a link may not take a gigabyte that nobody reads");
        // What had been handed over when the puller paused may still come; more may not.
        const before = inbox.frames.length;
        await pause(place.runtime, 100);
        assert.equal(inbox.frames.length, before);
        const drained = sent;
        pull.resume();
        await inbox.count(drained);
        await sending;
        await inbox.count(total);
        assert.ok(inbox.lengths.every((length) => length === frame.length));
        await Promise.all([push.close(), pull.close()]);
      }));

    it("comes back to a puller that was closed and opened again", () =>
      side.run(async (place) => {
        const first = await open(place);
        const push = pusher(place).links.push(first.pull.address);
        await push.send(text("to the first"));
        await first.inbox.count(1);
        await first.pull.close();
        const inbox = new Inbox();
        const pull = await place.runtime.links.pull(first.pull.address, inbox.onFrame);
        let next = 0;
        for (; next < 1000 && inbox.frames.length === 0; next++) {
          await push.send(text(String(next).padStart(6, "0")));
          await pause(place.runtime, 5);
        }
        assert.ok(inbox.frames.length > 0, "frames have to arrive again");
        const numbers = inbox.frames.map(Number);
        assert.deepEqual(
          numbers,
          [...new Set(numbers)].sort((a, b) => a - b),
          "none twice, none out of order",
        );
        await Promise.all([push.close(), pull.close()]);
      }));

    it("sends what waits while it lingers", () =>
      side.run(async (place) => {
        const { inbox, pull } = await open(place);
        const push = pusher(place).links.push(pull.address);
        for (let i = 0; i < 100; i++) await push.send(text(String(i)));
        await push.close(5000);
        await inbox.count(100);
        assert.equal(inbox.frames.length, 100);
        await pull.close();
      }));

    it("closes at once without lingering, even when nobody is there", () =>
      side.run(async (place) => {
        const { pull } = await open(place);
        await pull.close();
        const push = pusher(place).links.push(pull.address);
        await push.send(text("lost"));
        await push.close();
      }));

    it("refuses an address that is taken", () =>
      side.run(async (place) => {
        const { pull } = await open(place);
        assert.equal(await codeOf(place.runtime.links.pull(pull.address, () => {})), "EADDRINUSE");
        await pull.close();
      }));

    it("refuses what is no address", () =>
      side.run(async ({ runtime }) => {
        await assert.rejects(
          runtime.links.pull("nowhere", () => {}),
          { name: "NetError", code: "EINVAL" },
        );
      }));
  });
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SeededRandom } from "../../../src/base/index.ts";
import { DiskFile } from "../../../src/base/runtime/simulated/disk-file.ts";

interface Step {
  readonly kind: "write" | "truncate" | "sync";
  readonly at: number;
  readonly length: number;
}

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom<Step["kind"]>("write", "write", "write", "truncate", "sync"),
    at: fc.integer({ min: 0, max: 10_000 }),
    length: fc.integer({ min: 0, max: 6000 }),
  }),
  { maxLength: 30 },
);

/** The obvious model: one array of bytes. */
class Model {
  bytes = new Uint8Array(0);

  write(part: Uint8Array, at: number): void {
    if (part.length === 0) return;
    this.truncate(Math.max(this.bytes.length, at + part.length));
    this.bytes.set(part, at);
  }

  truncate(size: number): void {
    const next = new Uint8Array(size);
    next.set(this.bytes.subarray(0, size));
    this.bytes = next;
  }
}

function contents(file: DiskFile): Uint8Array {
  const bytes = new Uint8Array(file.size);
  file.read(bytes, 0);
  return bytes;
}

function play(script: readonly Step[]) {
  const file = new DiskFile(0);
  const model = new Model();
  let durable = model.bytes;
  /** Contents after each change since the last sync. */
  let since: Uint8Array[] = [durable];
  for (const [i, step] of script.entries()) {
    const part = new Uint8Array(step.length).fill(i + 1);
    if (step.kind === "sync") {
      file.synced(file.changes);
      durable = model.bytes.slice();
      since = [durable];
      continue;
    }
    if (step.kind === "write") {
      file.write(part, step.at);
      model.write(part, step.at);
    } else {
      file.truncate(step.at);
      model.truncate(step.at);
    }
    since.push(model.bytes.slice());
  }
  return { file, model, durable, since };
}

describe("file on a simulated disk", () => {
  it("reads as what was written", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { file, model } = play(script);
        assert.deepEqual(contents(file), model.bytes);
      }),
    );
  });

  it("goes back to what was synced when a disk keeps nothing else", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { file, durable } = play(script);
        file.powerOff(new SeededRandom(1), false);
        assert.deepEqual(contents(file), durable);
      }),
    );
  });

  it("keeps, loses, cuts and scatters what was not synced, each for some seed", () => {
    const fates = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const { file, durable, since } = play([
        { kind: "write", at: 0, length: 5000 },
        { kind: "sync", at: 0, length: 0 },
        { kind: "write", at: 5000, length: 3000 },
        { kind: "write", at: 8000, length: 3000 },
      ]);
      file.powerOff(new SeededRandom(seed), true);
      const left = contents(file);
      assert.deepEqual(left.subarray(0, 5000), durable.subarray(0, 5000), "what was synced stays");
      const whole = since.findIndex((state) => Buffer.compare(state, left) === 0);
      if (whole >= 0) fates.add(`the first ${whole}`);
      else fates.add(left.includes(0) ? "scattered" : "torn");
    }
    for (const fate of ["the first 0", "the first 2", "scattered", "torn"])
      assert.ok(fates.has(fate), [...fates].join());
  });

  it("takes no memory for what was never written", () => {
    const file = new DiskFile(0);
    file.truncate(64 * 1024 * 1024);
    file.write(new Uint8Array(1), 64 * 1024 * 1024 - 1);
    assert.ok(file.allocatedBytes <= 8192);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Scope, watchScopes } from "../../../src/base/index.ts";

describe("scope", () => {
  it("gives back in reverse order, once", async () => {
    const order: string[] = [];
    const scope = new Scope({ name: "test" });
    scope.defer(() => void order.push("first"));
    scope.own({ [Symbol.dispose]: () => void order.push("second") });
    scope.own({
      [Symbol.asyncDispose]: async () => {
        await Promise.resolve();
        order.push("third");
      },
    });
    const takeOut = scope.defer(() => void order.push("taken out"));
    takeOut();
    await Promise.all([scope.dispose(), scope.dispose()]);
    assert.deepEqual(order, ["third", "second", "first"]);
    assert.equal(scope.isDisposed, true);
    assert.throws(() => scope.defer(() => {}), { code: "SL-SCOPE-OVER" });
  });

  it("gives back everything when some of it fails, and says all that failed", async () => {
    const order: number[] = [];
    const scope = new Scope({ name: "test" });
    scope.defer(() => void order.push(1));
    scope.defer(() => Promise.reject(new Error("two")));
    scope.defer(() => {
      throw new Error("three");
    });
    await assert.rejects(scope.dispose(), (error: unknown) => {
      assert.ok(error instanceof AggregateError);
      assert.deepEqual(
        error.errors.map((one: Error) => one.message),
        ["three", "two"],
      );
      return true;
    });
    assert.deepEqual(order, [1]);
  });

  it("goes with its parent, and leaves it when it went before", async () => {
    const order: string[] = [];
    const parent = new Scope({ name: "parent" });
    const early = new Scope({ name: "early", parent });
    const late = new Scope({ name: "late", parent });
    early.defer(() => void order.push("early"));
    late.defer(() => void order.push("late"));
    parent.defer(() => void order.push("parent"));
    await early.dispose();
    await parent.dispose();
    assert.deepEqual(order, ["early", "parent", "late"]);
    assert.equal(late.isDisposed, true);
  });

  it("shows where those were opened that nobody closed", async () => {
    const watch = watchScopes();
    const forgotten = new Scope({ name: "forgotten" });
    const closed = new Scope({ name: "closed" });
    await closed.dispose();
    const open = watch.open();
    assert.equal(open.length, 1);
    assert.match(open[0]!, /scope forgotten was opened here[\s\S]*scope\.test\.ts/);
    await forgotten.dispose();
    assert.deepEqual(watch.open(), []);
    watch.stop();
  });
});

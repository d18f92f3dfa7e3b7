/** Every error is three lines: what, why, what to try. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AssertionFailure, exitCodes, StormLabError } from "../../../src/base/index.ts";
import { exitCodeOf, renderError } from "../../../src/cli/render-error.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

const busy = new StormLabError({
  code: "SL-PORT-BUSY",
  what: "port 6627 is used",
  why: "another nimbus runs here",
  hint: "storm-lab up --port-base 16000",
  exitCode: exitCodes.conflict,
  cause: new Error("EADDRINUSE"),
});
const quiet = { ascii: false, verbose: false };

describe("a rendered error", () => {
  it("says what, why and what to try", () => {
    assert.equal(
      renderError(busy, quiet, recordedTerminal()),
      "✗ SL-PORT-BUSY port 6627 is used\n  why  another nimbus runs here\n  try  storm-lab up --port-base 16000\n",
    );
    assert.equal(exitCodeOf(busy), 5);
  });

  it("has colours only where the terminal has them, and plain characters when asked", () => {
    assert.match(
      renderError(busy, quiet, recordedTerminal({ colours: true })),
      /^<red>✗<\/> <bold>SL-PORT-BUSY<\/> port/,
    );
    assert.match(renderError(busy, { ascii: true, verbose: false }, recordedTerminal()), /^x SL-PORT-BUSY/);
  });

  it("stays three lines when a message has several", () => {
    const wordy = new StormLabError({ code: "SL-X", what: "a\n  b", why: "c\nd", hint: "e" });
    assert.equal(renderError(wordy, quiet, recordedTerminal()), "✗ SL-X a · b\n  why  c · d\n  try  e\n");
  });

  it("shows stacks, causes too, only when verbose", () => {
    assert.doesNotMatch(renderError(busy, quiet, recordedTerminal()), /EADDRINUSE|\n\s+at /);
    const verbose = renderError(busy, { ascii: false, verbose: true }, recordedTerminal());
    assert.match(verbose, /StormLabError: port 6627 is used\n\s+at /);
    assert.match(verbose, /caused by: Error: EADDRINUSE\n\s+at /);
  });

  it("calls what it does not know a bug of ours", () => {
    for (const thrown of [
      new TypeError("x is not a function"),
      new AssertionFailure("invariant broken"),
      "text",
      undefined,
    ]) {
      assert.match(
        renderError(thrown, quiet, recordedTerminal()),
        /^✗ SL-BUG .*\n {2}why {2}this is a mistake in storm-lab/,
      );
      assert.equal(exitCodeOf(thrown), 1);
    }
  });
});

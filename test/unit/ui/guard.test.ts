/** Who may ask the ui daemon, and what must be refused. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type GuardSettings, refusal } from "../../../src/ui/guard.ts";

const closed: GuardSettings = { names: ["nimbus.class"], actionsEnabled: true, isOpen: false, token: null };

function status(settings: GuardSettings, method: string, headers: Record<string, string>): number | null {
  const request = {
    method,
    target: "/",
    headers: new Map(Object.entries(headers)),
    body: new Uint8Array(),
    keepsAlive: true,
  };
  return refusal(request, settings)?.status ?? null;
}

describe("the guard of the ui daemon", () => {
  it("is asked by an address, localhost or its own name, and by no other", () => {
    for (const host of [
      "127.0.0.1:8080",
      "localhost",
      "LOCALHOST:1",
      "[::1]:8080",
      "10.0.0.7:8080",
      "nimbus.class:8080",
    ])
      assert.equal(status(closed, "GET", { host }), null, host);
    for (const host of ["evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "", "a b", "x:y:z"])
      assert.equal(status(closed, "GET", { host }), 403, host);
  });

  it("changes nothing for another page", () => {
    const host = "127.0.0.1:8080";
    assert.equal(status(closed, "POST", { host }), null, "curl");
    assert.equal(status(closed, "POST", { host, origin: `http://${host}`, "sec-fetch-site": "same-origin" }), null);
    for (const origin of ["http://evil.example", "null", "http://127.0.0.1:8081", `https://${host}`])
      assert.equal(status(closed, "POST", { host, origin }), 403, origin);
    for (const site of ["cross-site", "same-site"])
      assert.equal(status(closed, "POST", { host, "sec-fetch-site": site }), 403, site);
    assert.equal(status({ ...closed, actionsEnabled: false }, "POST", { host }), 403);
  });

  it("asks for a token when others can reach it", () => {
    const host = "10.0.0.7:8080";
    const open = { ...closed, isOpen: true };
    assert.equal(status(open, "GET", { host }), null);
    assert.equal(status(open, "POST", { host, authorization: "Bearer " }), 403, "none is set");
    const withToken = { ...open, token: "secret" };
    assert.equal(status(withToken, "POST", { host, authorization: "Bearer secret" }), null);
    for (const authorization of ["", "secret", "Bearer secre", "Bearer secrets", "Bearer Secret", "Basic secret"])
      assert.equal(status(withToken, "POST", { host, authorization }), 401, authorization);
  });
});

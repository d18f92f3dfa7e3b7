/** Identities and access lists. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorCode, permission } from "../../../../src/wire/zookeeper/index.ts";
import { authenticate, checkAcl, digestId, fixupAcl, userNameOf } from "../../../../src/zookeeper/server/auth.ts";

const options = { superDigest: null, digestAlgorithm: "SHA1" };
/** As Java's DigestAuthenticationProvider makes it of super:test. */
const superDigest = "super:D/InIHSb7yEEbrWz8b9l71RjZJU=";

describe("digest", () => {
  it("is user and base64 of SHA-1, as Java makes it", () => {
    assert.equal(digestId("super:test"), superDigest);
    assert.equal(digestId("no colon"), null);
  });

  it("proves an identity, and super beside it for the configured one", () => {
    assert.deepEqual(authenticate("digest", "super:test", "127.0.0.1", options), [
      { scheme: "digest", id: superDigest },
    ]);
    assert.deepEqual(authenticate("digest", "super:test", "127.0.0.1", { ...options, superDigest })?.[0], {
      scheme: "super",
      id: "",
    });
    assert.equal(authenticate("digest", "nothing", "127.0.0.1", options), null);
    assert.equal(authenticate("sasl", "x", "127.0.0.1", options), null);
  });

  it("shows a person's name and never the hash", () => {
    assert.equal(userNameOf({ scheme: "digest", id: superDigest }), "super");
    assert.equal(userNameOf({ scheme: "ip", id: "10.0.0.1" }), "10.0.0.1");
  });
});

describe("ip", () => {
  for (const [network, address, inside] of [
    ["10.0.0.1", "10.0.0.1", true],
    ["10.0.0.0/8", "10.200.3.4", true],
    ["10.0.0.0/8", "11.0.0.1", false],
    ["192.168.1.128/25", "192.168.1.127", false],
    ["0.0.0.0/0", "8.8.8.8", true],
    ["::1", "0:0:0:0:0:0:0:1", true],
    ["fe80::/10", "fe9f::1", true],
    ["fe80::/10", "2001:db8::1", false],
    ["10.0.0.1", "::1", false],
  ] as const) {
    it(`${address} is ${inside ? "in" : "outside"} ${network}`, () => {
      const acl = [{ perms: permission.read, scheme: "ip", id: network }];
      const expected = inside ? errorCode.ok : errorCode.noAuth;
      assert.equal(checkAcl(acl, permission.read, [{ scheme: "ip", id: address }]), expected);
    });
  }

  for (const id of ["10.0.0.256", "10.0.0", "10.0.0.1/33", "10.0.0.1/x", "1::2::3", ":::", "name", ""]) {
    it(`"${id}" is no address`, () => assert.equal(fixupAcl([{ perms: 1, scheme: "ip", id }], []), null));
  }
});

describe("a list", () => {
  it("that is empty lets everybody in, one without the permission nobody", () => {
    assert.equal(checkAcl([], permission.write, []), errorCode.ok);
    assert.equal(
      checkAcl([{ perms: permission.read, scheme: "world", id: "anyone" }], permission.write, []),
      errorCode.noAuth,
    );
  });

  it("never stops super", () => {
    const acl = [{ perms: permission.read, scheme: "digest", id: "u:x" }];
    assert.equal(checkAcl(acl, permission.write, [{ scheme: "super", id: "" }]), errorCode.ok);
  });

  it("loses duplicates and keeps its order", () => {
    const [a, b] = [
      { perms: 1, scheme: "world", id: "anyone" },
      { perms: 2, scheme: "ip", id: "10.0.0.1" },
    ];
    assert.deepEqual(fixupAcl([a, b, { ...a }], []), [a, b]);
    assert.equal(fixupAcl(null, []), null);
    assert.equal(fixupAcl([{ perms: 1, scheme: "world", id: "somebody" }], []), null);
    assert.equal(fixupAcl([{ perms: 1, scheme: "digest", id: "nocolon" }], []), null);
  });
});

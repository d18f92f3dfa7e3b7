/** Rules of ACLs and authentication. */
import assert from "node:assert/strict";
import { deadline } from "../../kit/index.ts";
import type { Rule } from "./contract.ts";
import { stepMs } from "./world.ts";

const anyone = { scheme: "world", id: "anyone" } as const;
/** base64(sha1("ada:pw")), computed by hand with openssl. */
const adaDigest = "ada:BQn2eIntEkP0ldaGkwF+SiJLMTg=";

export const accessRules: readonly Rule[] = [
  {
    name: "setAcl replaces the list, counts it, and expects a version",
    async run(world) {
      const client = world.client();
      const path = await client.create(world.path());
      assert.deepEqual((await client.getAcl(path))?.acl, [{ perms: 31, ...anyone }]);
      const acl = [
        { perms: 1, ...anyone },
        { perms: 31, scheme: "ip", id: "127.0.0.1" },
      ];
      const stat = await client.setAcl(path, acl, 0);
      assert.deepEqual([stat.aversion, stat.version], [1, 0]);
      assert.deepEqual(await client.getAcl(path), { acl, stat });
      await assert.rejects(client.setAcl(path, acl, 0), { code: "SL-ZK-BAD-VERSION" });
    },
  },
  {
    name: "what an ACL does not grant is refused",
    async run(world) {
      const client = world.client();
      const path = world.path();
      await client.create(path, Buffer.from("x"), { acl: [{ perms: 1, ...anyone }] });
      assert.equal((await client.getData(path))?.data?.toString(), "x");
      const refused = { code: "SL-ZK-NO-AUTH" };
      await assert.rejects(client.setData(path, Buffer.from("y")), refused);
      await assert.rejects(client.create(`${path}/child`), refused);
      await assert.rejects(client.setAcl(path, [{ perms: 31, ...anyone }]), refused);
      const hidden = await client.create(world.path(), null, { acl: [{ perms: 2, ...anyone }] });
      await assert.rejects(client.getData(hidden), refused);
      await assert.rejects(client.getChildren(hidden), refused);
    },
  },
  {
    name: "deleting needs the right at the parent, not at the node",
    async run(world) {
      const client = world.client();
      const guarded = await client.create(world.path());
      await client.create(`${guarded}/child`);
      await client.setAcl(guarded, [{ perms: 31 - 8, ...anyone }]);
      await assert.rejects(client.delete(`${guarded}/child`), { code: "SL-ZK-NO-AUTH" });
      const open = await client.create(world.path());
      const locked = await client.create(`${open}/child`, null, { acl: [{ perms: 1, ...anyone }] });
      assert.equal(await client.delete(locked), true);
    },
  },
  {
    name: "digest authentication opens what its identity may",
    async run(world) {
      const [ada, other] = [world.client(), world.client()];
      ada.addAuth("digest", "ada:pw");
      const path = world.path();
      await ada.create(path, Buffer.from("x"), { acl: [{ perms: 31, scheme: "auth", id: "" }] });
      assert.deepEqual((await ada.getAcl(path))?.acl, [{ perms: 31, scheme: "digest", id: adaDigest }]);
      await assert.rejects(other.getData(path), { code: "SL-ZK-NO-AUTH" });
      other.addAuth("digest", "ada:wrong");
      await assert.rejects(other.getData(path), { code: "SL-ZK-NO-AUTH" });
      other.addAuth("digest", "ada:pw");
      assert.equal((await other.getData(path))?.data?.toString(), "x");
    },
  },
  {
    name: "an ACL that is empty, or names an unknown scheme, is refused",
    async run(world) {
      const client = world.client();
      const invalid = { code: "SL-ZK-INVALID-ACL" };
      if (world.adapter.protocol === "3.8")
        await assert.rejects(client.create(world.path(), null, { acl: [] }), invalid);
      const unknown = [{ perms: 31, scheme: "moon", id: "man" }];
      await assert.rejects(client.create(world.path(), null, { acl: unknown }), invalid);
      const nobody = [{ perms: 31, scheme: "auth", id: "" }];
      await assert.rejects(client.create(world.path(), null, { acl: nobody }), invalid);
      const noIp = [{ perms: 31, scheme: "ip", id: "not-an-address" }];
      await assert.rejects(client.create(world.path(), null, { acl: noIp }), invalid);
    },
  },
  {
    name: "an unknown authentication scheme ends the client",
    async run(world) {
      const client = world.client();
      await client.session();
      const failed = new Promise<void>((resolve) => {
        client.onState((state) => state === "failed" && resolve());
      });
      client.addAuth("moon", "man");
      await deadline(failed, stepMs, "the refusal of the credentials");
      await assert.rejects(client.exists("/"), { code: "SL-ZK-AUTH-FAILED" });
    },
  },
  {
    name: "whoAmI lists the address and the proved identities",
    needs38: true,
    async run(world) {
      const client = world.client();
      client.addAuth("digest", "ada:pw");
      const ids = await client.whoAmI();
      assert.ok(ids.some(({ scheme, id }) => scheme === "ip" && id === "127.0.0.1"));
      assert.ok(ids.some(({ scheme, id }) => scheme === "digest" && id.startsWith("ada")));
    },
  },
];

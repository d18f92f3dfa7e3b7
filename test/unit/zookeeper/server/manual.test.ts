/** docs/zookeeper.md says of every key what the server does with it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import {
  honouredKeys,
  keysWithoutEffect,
  prefixesWithoutEffect,
  refusedKeys,
  refusedPrefixes,
} from "../../../../src/zookeeper/server/config-keys.ts";

const text = readFileSync(new URL("../../../../docs/zookeeper.md", import.meta.url), "utf8");

describe("the manual of the server", () => {
  it("lists the keys that are honoured, and no other", () => {
    const paragraph = /\*\*Honoured\*\*:([\s\S]*?)\n\n/.exec(text)?.[1] ?? "";
    const listed = [...paragraph.matchAll(/`([^`]+)`/g)].map(([, key]) => key ?? "");
    assert.deepEqual(listed.filter((key) => !key.startsWith("server.N")).sort(), [...honouredKeys].sort());
  });

  it("gives the server's own reason for each key that is idle or refused", () => {
    const rows = [
      ...Object.entries(keysWithoutEffect).map(([key, why]) => `| \`${key}\` | ${why} |`),
      ...prefixesWithoutEffect.map(([prefix, why]) => `| \`${prefix}*\` | ${why} |`),
      ...Object.entries(refusedKeys).map(
        ([key, { unless, reason }]) => `| \`${key}\` | ${unless === null ? "none" : `\`${unless}\``} | ${reason} |`,
      ),
      ...refusedPrefixes.map(([prefix, reason]) => `| \`${prefix}*\` | none | ${reason} |`),
    ];
    assert.deepEqual(
      rows.filter((row) => !text.includes(row)),
      [],
    );
    const listed = text
      .split("\n")
      .filter((line) => /^\| `[^`]+` \|/.test(line) && !line.includes("dataDir/") && !line.includes("dataLogDir/"));
    assert.equal(listed.length, rows.length);
  });
});

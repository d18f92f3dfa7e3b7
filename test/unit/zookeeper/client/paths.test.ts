import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkPath } from "../../../../src/zookeeper/client/paths.ts";

describe("a node's path", () => {
  it("is what ZooKeeper takes", () => {
    for (const path of ["/", "/a", "/a/b", "/词/数据", "/...", "/a.b", "/ a", "/-_$%"]) checkPath(path);
    checkPath("/a/", true);
    checkPath("/", true);
  });

  it("is refused otherwise, with the reason", () => {
    for (const path of [
      "",
      "a",
      "a/b",
      "/a/",
      "//",
      "//a",
      "/a//b",
      "/.",
      "/a/..",
      "/./a",
      "/a\u0000",
      "/a\u007f",
      "/\uf000",
      "/😀",
    ]) {
      assert.throws(() => checkPath(path), { code: "SL-ZK-BAD-ARGUMENTS" }, JSON.stringify(path));
    }
    assert.throws(() => checkPath("/a//", true), { code: "SL-ZK-BAD-ARGUMENTS" });
  });
});

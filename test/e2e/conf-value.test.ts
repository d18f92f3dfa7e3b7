/** `storm-lab localconfvalue`: what holds here, and from where. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { startStormLab, temporaryDirectory } from "../kit/index.ts";

const timeoutMs = 20_000;

describe("storm-lab localconfvalue", () => {
  it("prints the default, the file's value, and that of -c", async () => {
    await using directory = await temporaryDirectory();
    await mkdir(directory.join("conf"));
    await writeFile(directory.join("conf", "storm.yaml"), "nimbus.thrift.port: 7000\n");
    const env = { STORM_CONF_DIR: undefined, HOME: directory.path };
    for (const [words, line] of [
      [["supervisor.thrift.port"], "supervisor.thrift.port: 6628\n"],
      [["nimbus.thrift.port"], "nimbus.thrift.port: 7000\n"],
      [["nimbus.thrift.port", "-c", "nimbus.thrift.port=7001"], "nimbus.thrift.port: 7001\n"],
      [["nimbus.seeds"], 'nimbus.seeds: ["localhost"]\n'],
    ] as const) {
      await using child = startStormLab(["localconfvalue", ...words], { cwd: directory.path, env });
      await child.assertExit(0, timeoutMs);
      assert.equal(child.stdout, line);
      assert.equal(child.stderr, "");
    }
  });

  it("names the line of what is wrong, and the key that was meant", async () => {
    await using directory = await temporaryDirectory();
    const file = directory.join("storm.yaml");
    await writeFile(file, "# mine\nnimbus.thrift.port:6627\nui.port: 1\n");
    await using broken = startStormLab(["localconfvalue", "ui.port", "--config", file]);
    await broken.assertExit(2, timeoutMs);
    assert.match(broken.stderr, /SL-CONF-FILE .*storm\.yaml:2:1 /);
    await using misspelt = startStormLab(["localconfvalue", "nimbus.thrift.prot"], { cwd: directory.path });
    await misspelt.assertExit(2, timeoutMs);
    assert.match(misspelt.stderr, /SL-CONF-KEY[\s\S]*try {2}storm-lab localconfvalue nimbus\.thrift\.port/);
  });
});

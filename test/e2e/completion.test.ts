/** The shells themselves, with the script that the program prints for them, complete what is typed. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { repositoryRoot, startProcess, temporaryDirectory } from "../kit/index.ts";

const timeoutMs = 60_000;

/** How each shell says what it would offer for a line; `$LINE` is the line. */
const askers: Readonly<Record<string, string>> = {
  bash: `eval "$(storm-lab completion bash)"
    COMP_LINE=$LINE; COMP_POINT=\${#LINE}; read -ra COMP_WORDS <<< "$LINE"
    [[ $LINE == *" " ]] && COMP_WORDS+=("")
    COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
    _storm_lab; printf '%s\\n' "\${COMPREPLY[@]}"`,
  // Its own completion needs a terminal: what it is given is what counts.
  zsh: `compdef() { }; _describe() { print -rl -- "\${(@P)2%%:*}" }; _files() { print -rl -- * }
    eval "$(storm-lab completion zsh)"
    words=("\${(@s: :)LINE}"); CURRENT=\${#words}; _storm_lab`,
  fish: `storm-lab completion fish | source; complete -C "$LINE" | string split -f 1 \\t; true`,
};

for (const [shell, script] of Object.entries(askers)) {
  const isThere = spawnSync(shell, ["-c", "exit 0"]).status === 0;
  describe(`completion in ${shell}`, { skip: isThere ? false : `${shell} is not installed` }, () => {
    it("offers commands, options, choices, files and what is there", async () => {
      await using directory = await temporaryDirectory();
      const bin = directory.join("bin");
      mkdirSync(bin);
      symlinkSync(join(repositoryRoot, "bin", "storm-lab.mjs"), join(bin, "storm-lab"));
      mkdirSync(directory.join("home/clusters/blue/node2"), { recursive: true });
      mkdirSync(directory.join("home/clusters/blue/run"));
      writeFileSync(directory.join("home/clusters/blue/run/nimbus1.pid"), "");
      mkdirSync(directory.join("work"));
      writeFileSync(directory.join("work/topology.ts"), "");
      const offered = async (line: string): Promise<string[]> => {
        await using child = startProcess(shell, ["-c", script], {
          cwd: directory.join("work"),
          env: {
            LINE: line,
            PATH: `${bin}:${process.env.PATH}`,
            HOME: directory.path,
            STORM_LAB_HOME: directory.join("home"),
            STORM_LAB_CLUSTER: undefined,
          },
        });
        await child.assertExit(0, timeoutMs);
        assert.equal(child.stderr, "");
        return child.stdout.split("\n").filter((word) => word !== "");
      };
      assert.deepEqual(await offered("storm-lab subm"), ["submit"]);
      assert.deepEqual(await offered("storm-lab zk four"), ["four-letter"]);
      assert.deepEqual(await offered("storm-lab up --pac"), ["--pace"]);
      assert.deepEqual((await offered("storm-lab up --pace ")).sort(), ["classroom", "storm"]);
      assert.deepEqual(await offered("storm-lab status --cluster bl"), ["blue"]);
      assert.deepEqual((await offered("storm-lab stop n")).sort(), ["nimbus", "nimbus1", "node2"]);
      assert.deepEqual(await offered("storm-lab explain SL-US"), ["SL-USAGE"]);
      assert.deepEqual(await offered("storm-lab submit topo"), ["topology.ts"]);
      assert.deepEqual(await offered("storm-lab kill "), [], "its nimbus does not run");
    });
  });
}

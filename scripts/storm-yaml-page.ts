/** The text of docs/storm-yaml.md. */
import type { Honoured, KeySpec, Keys } from "../src/conf/index.ts";

const honouredWords: Readonly<Record<Honoured, string>> = { yes: "yes", no: "no", refused: "refused" };

export function stormYamlPage(keys: Keys): string {
  const families = Map.groupBy(Object.entries(keys), ([key]) => key.split(".")[0] ?? key);
  return `# storm.yaml

Made by \`npm run docs\` from the keys in the sources. Names and defaults are those of Apache Storm 2.8.

A daemon reads the file that \`--config\` names, else \`storm.yaml\` in \`$STORM_CONF_DIR\`, else \`conf/storm.yaml\` in its working
folder; a client then looks for \`~/.storm/storm.yaml\`. \`-c key=value\` wins over the file, as often as it is given; its value is JSON
if it parses as such. \`storm-lab localconfvalue KEY\` prints what holds here.

**yes**: it works as in Storm. **no**: it may be there, nothing comes of it, and a warning says so. **refused**: going on as if it worked
would be untrue, so only the default is taken. A key that is not here is the author's own, or unknown: then a warning says so.
YAML is read in its version 1.1, as Storm reads it: \`yes\` is true, \`10_000\` is a number.

${[...families].map(([family, entries]) => section(family, entries)).join("\n")}`;
}

function section(family: string, entries: readonly (readonly [string, KeySpec])[]): string {
  return `## ${family}

| key | default | what it is | honoured |
|---|---|---|---|
${entries.map(([key, spec]) => row(key, spec)).join("\n")}
`;
}

function row(key: string, { default: byDefault, meaning, honoured, why }: KeySpec): string {
  const word = honouredWords[honoured] + (why === "" ? "" : `: ${why}`);
  const shown = byDefault === undefined ? "–" : `\`${JSON.stringify(byDefault)}\``;
  return `| \`${key}\` | ${shown} | ${meaning} | ${word} |`;
}

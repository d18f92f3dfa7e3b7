/** The text of docs/dashboard.md; its keys are those of the sources. */
import { dashboardKeys, dashboardWords } from "../src/tui/dashboard/index.ts";

export function dashboardPage(): string {
  const keys = dashboardKeys.map(
    ([key, word]) => `| \`${key}\` | ${dashboardWords[word].en} | ${dashboardWords[word].zh} |`,
  );
  return `# The dashboard

Made by \`npm run docs\` from the sources.

\`storm-lab dashboard\` follows a cluster in the terminal: the one that \`--cluster\` names, or the only one there is. It
reads the [ui daemon](ui.md):
its event stream at all times, and once a second what the open view shows. Leaving it changes nothing; the cluster stays up.

\`\`\`
 storm-lab › classroom › word-count › graph                              ● live
 1 overview 2 topologies 3▸graph 4 component 5 ZooKeeper 6 logs 9 events
────────────────────────────────────────────────────────────────────────────────
● ACTIVE   2/2 workers   10 executors   10 tasks   up for 2m 1s
  graph                                             capacity  latency ms  failed
▸ ○ spout  spout  2 executors                                      101.9       0
    └─ shuffle ── 378/s ──▶ split
  ✗ split  bolt  3 executors                           0.912         1.1       0
    └─ fields ── 12.3k/s ──▶ count
\`\`\`

## Marks

\`●\` leads, runs, or (a bolt) has a capacity of 0.8 and more; \`○\` stands by, or has room; \`◐\` does not run as usual, or
has a capacity of 0.5 and more;
\`✗\` is gone, silent or failing. In the overview \`■6700\` is a slot whose worker is heard of, \`✗6700\` one whose worker is
not, \`□\` a free one.

## Keys

| key | in English | in Chinese |
|---|---|---|
${keys.join("\n")}

An action runs a command of storm-lab: the line above the keys and view 9 show its words, its end and what it said. \`kill\`,
\`rebalance\`, \`activate\` and
\`deactivate\` want the name of the topology typed. \`:\` takes any command; the menu of \`f\` fills in one of \`storm-lab
fault\`, to be changed before it runs.

## Terminals

80×24 is enough. \`--theme dark|light|plain\`, NO_COLOR and \`--ascii\` choose how it is drawn; every colour has a mark
beside it. Where there is no terminal, or TERM is
\`dumb\`, the cluster's status is told line by line whenever it changes. \`--read-only\` refuses every command that changes
something. The terminal is put right however
it ends, but for \`kill -9\`: \`reset\` does it then.
`;
}

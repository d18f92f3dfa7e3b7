/** Files are named after what is in them, in the words of Storm and ZooKeeper. */
import type { Rule } from "../rule.ts";

/** Names that say nothing. */
const empty = ["util", "utils", "helper", "helpers", "manager", "common", "misc", "stuff"];
const kinds = ["unit", "scenarios", "contract", "sim", "e2e", "tui", "web", "hosts", "interop", "tidy"];

export const nameRules: readonly Rule[] = [
  {
    name: "has a name in kebab-case that says something",
    check: ({ path }) =>
      path.split("/").flatMap((part) => {
        const [stem = ""] = part.split(".");
        if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem)) return part.startsWith(".") ? [] : [`${part} is not in kebab-case`];
        return stem.split("-").some((word) => empty.includes(word)) ? [`${part} does not say what is in it`] : [];
      }),
    bad: [
      ["src/base/LongMap.ts", ""],
      ["src/base/long_map.ts", ""],
      [`src/base/net-${"utils"}.ts`, ""],
      [`src/${"helpers"}/net.ts`, ""],
    ],
    good: [
      ["src/base/long-map.ts", ""],
      ["test/unit/base/long-map.test.ts", ""],
      ["src/wire/zookeeper/4lw.ts", ""],
    ],
  },
  {
    name: "lies where the runner finds it, if it is a test",
    check: ({ path }) => {
      if (!path.endsWith(".test.ts"))
        return /(\.spec\.|_test\.|\.test\.(js|mjs))/.test(path) ? ["tests end in .test.ts"] : [];
      const [top, kind = ""] = path.split("/");
      return top === "test" && kinds.includes(kind) ? [] : [`tests lie in test/<kind>/: ${kinds.join(", ")}`];
    },
    bad: [
      ["src/base/a.test.ts", ""],
      ["test/speed/a.test.ts", ""],
      ["test/a.test.ts", ""],
      ["test/unit/base/a.spec.ts", ""],
    ],
    good: [
      ["test/unit/base/a.test.ts", ""],
      ["test/kit/waiting.ts", ""],
    ],
  },
];

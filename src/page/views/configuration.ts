/** storm.yaml as nimbus has it. */
import { useAnswer } from "../client.ts";
import { has, heading, search, waiting } from "../pieces.ts";
import { table } from "../table.ts";
import { h, part, useState, type View } from "../view.ts";
import type { Words } from "../words.ts";

type Configuration = Readonly<Record<string, unknown>>;

const everyMs = 30_000;

export function configurationView({ t }: { readonly t: Words }): View {
  const { value, failure } = useAnswer<Configuration>("cluster/configuration", everyMs);
  if (value === null) return waiting(t, failure);
  return h("section", null, heading(t("configuration")), configurationTable(t, value));
}

export function configurationTable(t: Words, configuration: Configuration): View {
  return part(searched, { t, configuration });
}

function searched({ t, configuration }: { readonly t: Words; readonly configuration: Configuration }): View {
  const [wanted, setWanted] = useState("");
  const all = Object.entries(configuration);
  const rows = all.filter(([key]) => has(wanted, key)).sort(([a], [b]) => (a < b ? -1 : 1));
  return h(
    "div",
    null,
    search(t, wanted, setWanted, { found: [rows.length, all.length] }),
    table(
      t("configuration"),
      [
        { title: t("key"), cell: ([key]) => h("code", null, key) },
        { title: t("value"), cell: ([, value]) => h("code", null, JSON.stringify(value)) },
      ],
      rows,
      ([key]) => key,
    ),
  );
}

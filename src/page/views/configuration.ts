/** storm.yaml as nimbus has it. */
import { useAnswer } from "../client.ts";
import { heading, search, table, waiting } from "../pieces.ts";
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
  const rows = Object.entries(configuration)
    .filter(([key]) => key.includes(wanted))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return h(
    "div",
    null,
    search(t, wanted, setWanted),
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

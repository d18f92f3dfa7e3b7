/** What can be done to a topology; what ends something is asked twice. */
import type { TopologyPage } from "../api-types.ts";
import { act, inPath } from "../client.ts";
import { h, useState, type View } from "../view.ts";
import type { Words } from "../words.ts";

interface Shown {
  readonly t: Words;
  readonly page: TopologyPage;
}

type Asking = "kill" | "rebalance" | null;

export function actionBar({ t, page }: Shown): View {
  const [asking, setAsking] = useState<Asking>(null);
  const [said, setSaid] = useState("");
  const [isRunning, setRunning] = useState(false);
  const run = (what: string, path: string, body?: unknown): void => {
    setAsking(null);
    setRunning(true);
    act(`topology/${inPath(page.id)}/${path}`, body)
      .then(() => setSaid(t("done", { what })))
      .catch((error: unknown) => setSaid(t("refused", { why: error instanceof Error ? error.message : String(error) })))
      .finally(() => setRunning(false));
  };
  const button = (word: "activate" | "deactivate" | "rebalance" | "kill", onClick: () => void) =>
    h("button", { type: "button", disabled: isRunning, onClick }, t(word));
  return h(
    "div",
    { class: "actions" },
    page.status === "INACTIVE"
      ? button("activate", () => run(t("activate"), "activate"))
      : button("deactivate", () => run(t("deactivate"), "deactivate")),
    button("rebalance", () => setAsking("rebalance")),
    button("kill", () => setAsking("kill")),
    h("span", { role: "status", class: "note" }, said),
    asking === null ? null : question(t, page, asking, run, () => setAsking(null)),
  );
}

function question(
  t: Words,
  { name, workersTotal }: TopologyPage,
  asking: "kill" | "rebalance",
  run: (what: string, path: string, body?: unknown) => void,
  cancel: () => void,
): View {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const wait = Number(given.get("wait") ?? 0);
    if (asking === "kill") run(t("kill"), `kill/${wait}`);
    else run(t("rebalance"), `rebalance/${wait}`, { rebalanceOptions: { numWorkers: Number(given.get("workers")) } });
  };
  const text = t(asking === "kill" ? "killQuestion" : "rebalanceQuestion", { name });
  const close = (event: KeyboardEvent): void => {
    if (event.key === "Escape") cancel();
  };
  return h(
    "form",
    { class: "question", onSubmit: submit, onKeyDown: close, "aria-label": text },
    h("p", null, text),
    asking === "rebalance"
      ? h(
          "label",
          null,
          t("numWorkers"),
          h("input", { name: "workers", type: "number", min: 1, max: 1000, value: workersTotal }),
        )
      : null,
    h("label", null, t("waitSeconds"), h("input", { name: "wait", type: "number", min: 0, max: 3600, value: 0 })),
    h("button", { type: "submit", class: "strong" }, t("confirm")),
    h("button", { type: "button", onClick: cancel }, t("cancel")),
  );
}

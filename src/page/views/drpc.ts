/** Functions that topologies answer, to be tried out. */
import { call } from "../client.ts";
import { heading } from "../pieces.ts";
import { h, useState, type View } from "../view.ts";
import type { Words } from "../words.ts";

interface Called {
  readonly number: number;
  readonly what: string;
  readonly answer: string;
  readonly isFailure: boolean;
}

const keptMax = 20;

export function drpcView({ t }: { readonly t: Words }): View {
  const [calls, setCalls] = useState<readonly Called[]>([]);
  const [waits, setWaits] = useState(0);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const functionName = String(given.get("function"));
    const args = String(given.get("args"));
    const tell = (answer: string, isFailure: boolean): void => {
      const what = `${functionName}(${JSON.stringify(args)})`;
      setCalls((before) =>
        [{ number: (before[0]?.number ?? 0) + 1, what, answer, isFailure }, ...before].slice(0, keptMax),
      );
      setWaits((before) => before - 1);
    };
    setWaits((before) => before + 1);
    call(functionName, args)
      .then(({ result, ms }) => tell(`${result}  (${ms.toFixed(1)} ms)`, false))
      .catch((error: unknown) => tell(error instanceof Error ? error.message : String(error), true));
  };
  return h(
    "div",
    null,
    heading(t("drpc")),
    h("p", { class: "note" }, t("drpcNote")),
    h(
      "form",
      { class: "actions", onSubmit: submit },
      h("label", null, `${t("function")} `, h("input", { name: "function", required: true, maxlength: 256 })),
      h("label", null, `${t("arguments")} `, h("input", { name: "args", size: 40 })),
      h("button", { type: "submit", class: "strong" }, t("call")),
      h("span", { role: "status", class: "note" }, waits > 0 ? t("waitsForAnswer", { count: waits }) : ""),
    ),
    h(
      "ol",
      { class: "happenings", "aria-live": "polite" },
      calls.map(({ number, what, answer, isFailure }) =>
        h(
          "li",
          { key: `${number}`, class: `happening ${isFailure ? "bad" : "good"}` },
          h("code", null, what),
          " → ",
          h("span", null, answer),
        ),
      ),
      calls.length === 0 ? h("li", { class: "note" }, t("none")) : null,
    ),
  );
}

/** The library that draws. Text is always text: nothing that comes from a cluster is ever read as HTML. */
import { type ComponentChild, h as preactH, render } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

export type View = ComponentChild;
export { render, useEffect, useMemo, useRef, useState };

type Attributes = Readonly<Record<string, unknown>>;
type Drawn<P> = (props: P) => View;

/** `h("p", { class: "note" }, "text", other)`. */
export function h(tag: string, attributes?: Attributes | null, ...children: View[]): View {
  return preactH(tag, (attributes ?? null) as never, ...children);
}

/** A part with state of its own; `key` tells it apart from its like. */
export function part<P extends object>(drawn: Drawn<P>, props: P, key?: string): View {
  return preactH(drawn as never, { ...props, key } as never);
}

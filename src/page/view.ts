/** The library that draws. Text is always text: nothing that comes from a cluster is ever read as HTML. */
import { Component, type ComponentChild, h as preactH, render } from "preact";
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

/**
 * The part, drawn anew only when what it was given has changed: by identity, or by content what `data` names, which comes anew with
 * each answer and is mostly the same.
 */
export function still<P extends object>(drawn: Drawn<P>, data: readonly (keyof P)[] = []): Drawn<P> {
  class Still extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const keys = Object.keys(next) as (keyof P)[];
      return keys.some((key) => !isSame(this.props[key], next[key], data.includes(key)));
    }

    override render(props: P): View {
      return part(drawn, props);
    }
  }
  return Still as never;
}

function isSame(before: unknown, now: unknown, byContent: boolean): boolean {
  return before === now || (byContent && JSON.stringify(before) === JSON.stringify(now));
}

/** Of so many rows, how many are drawn: more with each frame, until all are there. A long list does not hold a frame up. */
export function useGrowing(total: number): number {
  const [drawn, setDrawn] = useState(firstRows);
  useEffect(() => {
    if (drawn >= total) return;
    const frame = requestAnimationFrame(() => setDrawn(drawn + rowsAFrame));
    return () => cancelAnimationFrame(frame);
  }, [drawn, total]);
  return Math.min(drawn, total);
}

/** A screen of them, large or small. */
const firstRows = 30;
const rowsAFrame = 20;

/** What a page costs, by the browser's own measures. */
import { readFile } from "node:fs/promises";
import type { Page, TestBrowser } from "./browser.ts";

/** Of the page from now on: the time between frames, and tasks that kept it from drawing for more than 50 ms. */
export interface Frames {
  readonly longestGapMs: number;
  readonly longestTaskMs: number;
  readonly frames: number;
}

/** Run in the page. Source: HTML standard "animation frames"; W3C Long Tasks. */
const watching = `(() => {
  const seen = { gapMs: 0, taskMs: 0, frames: 0 };
  let last = performance.now();
  const frame = (now) => {
    seen.gapMs = Math.max(seen.gapMs, now - last);
    seen.frames++;
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.taskMs = Math.max(seen.taskMs, duration);
  }).observe({ type: "longtask" });
  globalThis.seenFrames = () => {
    const taken = { longestGapMs: seen.gapMs, longestTaskMs: seen.taskMs, frames: seen.frames };
    Object.assign(seen, { gapMs: 0, taskMs: 0, frames: 0 });
    return taken;
  };
})()`;

export async function watchFrames(page: Page): Promise<() => Promise<Frames>> {
  await page.evaluate(watching);
  return () => page.evaluate<Frames>("seenFrames()");
}

export interface Memory {
  readonly heapMb: number;
  readonly elements: number;
  /** Of the process that draws it, what no other process shares. */
  readonly privateMb: number;
}

const mb = 1_000_000;

/** After what is garbage is gone. */
export async function memoryOf(browser: TestBrowser, page: Page): Promise<Memory> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  await session.detach();
  const heap = metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? Number.NaN;
  const elements = await page.evaluate<number>("document.querySelectorAll('*').length");
  const all = await Promise.all((await browser.renderers()).map(privateBytes));
  return { heapMb: heap / mb, elements, privateMb: Math.max(...all) / mb };
}

/** Source: Linux, proc_pid_smaps(5). */
async function privateBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  const kilobytes = [...text.matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB$/gm)].map(([, digits]) => Number(digits));
  return kilobytes.reduce((sum, each) => sum + each, 0) * 1024;
}

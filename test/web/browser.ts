/** Headless Chromium, as Debian has it, on pages of this machine. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { repositoryRoot } from "../kit/index.ts";

export type { Page };

/** False where browser tests are to run; otherwise why they do not. */
export const webSkipped: string | false =
  process.env.STORM_LAB_WEB === "1" ? false : "needs Chromium: npm run web, or set STORM_LAB_WEB=1";

const quiet = ["gpu", "quic", "background-networking", "component-update", "sync"].map((word) => `--disable-${word}`);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export class TestBrowser implements AsyncDisposable {
  readonly #browser: Browser;
  /** What pages complained of. */
  readonly complaints: string[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(): Promise<TestBrowser> {
    const { CHROMIUM: executablePath = "/usr/bin/chromium" } = process.env;
    return new TestBrowser(
      await chromium.launch({ executablePath, args: ["--no-sandbox", "--no-first-run", ...quiet] }),
    );
  }

  async open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: 1280, height: 720 },
      locale: "en-US",
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      // Chromium notes each answer that is an error, also one that is expected.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
        this.complaints.push(message.text());
    });
    await page.goto(url);
    return page;
  }

  /** Of the browser's processes that draw pages, by their ids. */
  async renderers(): Promise<number[]> {
    const session = await this.#browser.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    await session.detach();
    return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    assert.deepEqual(this.complaints, []);
  }
}

/** Fails with the rules that are broken seriously. */
export async function assertAccessible(page: Page): Promise<void> {
  // Run by the browser's debugger, which the page's Content-Security-Policy does not bind.
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run;
    const { violations } = await run();
    return violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`),
    }));
  });
  assert.deepEqual(
    found.filter(({ impact }) => impact === "serious" || impact === "critical"),
    [],
    page.url(),
  );
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

/** For docs/screenshots, when STORM_LAB_SCREENSHOTS=1 asks for new ones. */
export async function screenshot(page: Page, name: string, part: "whole" | "seen" = "whole"): Promise<void> {
  if (process.env.STORM_LAB_SCREENSHOTS !== "1") return;
  const path = join(repositoryRoot, "docs", "screenshots", `${name}.png`);
  await page.screenshot({ path, fullPage: part === "whole" });
}

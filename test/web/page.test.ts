/**
 * The page in a real browser, over a real cluster: it tells the truth without a reload, in two languages, to everybody, and runs nothing
 * that others wrote.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type ClusterHome, clusterHome } from "../e2e/cluster-processes.ts";
import { repositoryRoot } from "../kit/index.ts";
import { assertAccessible, type Page, screenshot, TestBrowser, webSkipped } from "./browser.ts";

const steady = join(repositoryRoot, "test", "kit", "recorded-word-count", "topology.ts");
const hostile = join(repositoryRoot, "test", "web", "hostile-topology.ts");

async function withSteady(lab: ClusterHome): Promise<string> {
  await lab.up();
  const words = ["--folder", lab.directory.path, "--sentences", "1000000", "--rate", "200"];
  await lab.run(["submit", steady, ...words]);
  return (await lab.run(["open", "--print"])).trim();
}

/** The page was not loaded again since. */
async function mark(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => Object.assign(globalThis, { isSameLoad: true }));
  return async () =>
    assert.equal(await page.evaluate(() => "isSameLoad" in globalThis), true, "the page was loaded again");
}

describe("the page", { skip: webSkipped }, () => {
  it("shows the cluster, and a killed worker dead and back, without a reload", async () => {
    await using lab = await clusterHome();
    const url = await withSteady(lab);
    await using browser = await TestBrowser.launch();
    const page = await browser.open(url);
    await page.getByText("3 / 8").waitFor();
    const assertSameLoad = await mark(page);
    await page.locator(".slot.used").nth(2).waitFor();
    await page.locator(".badge.good", { hasText: "leader" }).waitFor();
    await screenshot(page, "cluster");
    await assertAccessible(page);
    const ended = page.locator(".happening.bad", { hasText: "ended" });
    assert.equal(await ended.count(), 0);
    const started = await page.locator(".happening", { hasText: "a worker started" }).count();
    // A start is known to the second: the second worker must be seen to be another one.
    await page.locator("td a", { hasText: "recorded-word-count" }).click();
    await page
      .locator("td", { hasText: /^(?:[2-9]|\d\d)s$|^\d+m / })
      .nth(2)
      .waitFor();
    await page.goBack();
    const worker = (await lab.processes()).find(({ role }) => role === "worker");
    process.kill(worker?.pid ?? 0, "SIGKILL");
    await ended.first().waitFor();
    await page.locator(".happening", { hasText: "a worker started" }).nth(started).waitFor();
    await page.locator(".slot.used").nth(2).waitFor();
    await assertSameLoad();
  });

  it("draws tuples on their way, and goes from the graph to a component", async () => {
    await using lab = await clusterHome();
    const url = await withSteady(lab);
    await using browser = await TestBrowser.launch();
    const page = await browser.open(url);
    await page.locator("td a", { hasText: "recorded-word-count" }).click();
    await page.locator(".edge.moving").nth(1).waitFor();
    const rate = page.getByRole("img", { name: /^spout to split, shuffle: [1-9][\d.k]* tuples a second$/ });
    await rate.waitFor();
    await screenshot(page, "topology");
    await assertAccessible(page);
    await page.getByRole("link", { name: /^bolt split, 3 executors, 3 tasks, capacity/ }).press("Enter");
    await page.getByRole("heading", { name: "recorded-word-count › split bolt" }).waitFor();
    await page.locator(".bars li").nth(2).waitFor();
    await screenshot(page, "component");
    await assertAccessible(page);
    await page.getByRole("link", { name: "Events" }).click();
    await page.getByText("recorded-word-count was submitted").waitFor();
    await screenshot(page, "events");
    await assertAccessible(page);
    await page.getByRole("link", { name: "Configuration" }).click();
    await page.getByRole("searchbox").fill("nimbus.seeds");
    await page.getByText('["127.0.0.1"]').waitFor();
    await assertAccessible(page);
  });

  it("follows a tuple from the spout to its ack", async () => {
    await using lab = await clusterHome();
    const url = await withSteady(lab);
    await using browser = await TestBrowser.launch();
    const page = await browser.open(url);
    await page.locator("td a", { hasText: "recorded-word-count" }).click();
    await page.getByRole("button", { name: "Start" }).click();
    const done = page.locator(".followed li", { hasText: "Acked" }).first();
    await done.waitFor();
    await done.getByRole("button").click();
    await page.locator(".followed tbody tr", { hasText: "count" }).nth(1).waitFor();
    await page.locator(".followed").scrollIntoViewIfNeeded();
    await screenshot(page, "tuple");
    await assertAccessible(page);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "Start" }).waitFor();
  });

  it("speaks Chinese, is dark, is large, fits a phone, and remembers", async () => {
    await using lab = await clusterHome();
    const url = await withSteady(lab);
    await using browser = await TestBrowser.launch();
    const page = await browser.open(url);
    await page.getByRole("button", { name: "中文" }).click();
    await page.getByRole("heading", { name: "节点" }).waitFor();
    await page.getByRole("button", { name: "深色" }).click();
    await page.getByRole("button", { name: "投影" }).click();
    await page.locator(".slot.used").nth(2).waitFor();
    await screenshot(page, "cluster-projector-zh");
    await assertAccessible(page);
    await page.reload();
    await page.getByRole("heading", { name: "节点" }).waitFor();
    assert.equal(await page.evaluate("document.documentElement.dataset.size"), "projector");
    assert.equal(await page.evaluate("document.documentElement.lang"), "zh-CN");
    const phone = await browser.open(url, { viewport: { width: 390, height: 844 }, locale: "zh-CN" });
    await phone.locator("td a", { hasText: "recorded-word-count" }).click();
    await phone.locator(".edge.moving").first().waitFor();
    await screenshot(phone, "topology-phone");
    const [wide, seen] = await phone.evaluate<number[]>("[document.documentElement.scrollWidth, innerWidth]");
    assert.equal(wide, seen, "nothing stands out on the right");
  });

  it("shows logs, follows their end, and finds words in them", async () => {
    await using lab = await clusterHome();
    const url = await withSteady(lab);
    await using browser = await TestBrowser.launch();
    const page = await browser.open(url);
    await page.getByRole("link", { name: "Logs" }).click();
    await page.locator("td", { hasText: "zookeeper.out" }).nth(2).waitFor();
    await screenshot(page, "logs");
    await assertAccessible(page);
    await page.getByRole("link", { name: "nimbus.log" }).click();
    await page.locator("pre.log", { hasText: "gained leadership" }).waitFor();
    await lab.run(["kill", "recorded-word-count", "-w", "0"]);
    await page.locator("pre.log", { hasText: "TRANSITION: recorded-word-count" }).waitFor();
    await page.getByRole("searchbox").fill("leadership");
    await page.getByRole("searchbox").press("Enter");
    await page.locator("mark", { hasText: "leadership" }).first().waitFor();
    await assertAccessible(page);
    await screenshot(page, "log");
  });

  it("shows ZooKeeper's tree, and each watch that fires", async () => {
    await using lab = await clusterHome();
    const url = await withSteady(lab);
    await using browser = await TestBrowser.launch();
    const page = await browser.open(url);
    await page.getByRole("link", { name: "ZooKeeper" }).click();
    await page.getByRole("link", { name: "storm", exact: true }).click();
    await page.getByRole("link", { name: "storms", exact: true }).click();
    await page.getByRole("link", { name: /^recorded-word-count-1-/ }).click();
    await page.locator("pre", { hasText: '"num_workers": 3' }).waitFor();
    await screenshot(page, "zookeeper");
    await assertAccessible(page);
    await lab.run(["deactivate", "recorded-word-count"]);
    await page.getByText("NodeDataChanged").first().waitFor();
    await page.locator("pre", { hasText: '"status": "INACTIVE"' }).waitFor();
    await lab.run(["kill", "recorded-word-count", "-w", "0"]);
    await page.getByText("NodeDeleted").waitFor();
    await page.getByText("There is no such node.").waitFor();
  });

  it("calls functions", async () => {
    await using lab = await clusterHome();
    await lab.up();
    await lab.run(["submit", join(repositoryRoot, "labs", "drpc", "exclamation", "driver.ts"), "exclamation-drpc"]);
    const url = (await lab.run(["open", "--print"])).trim();
    await using browser = await TestBrowser.launch();
    const page = await browser.open(url);
    await page.getByRole("link", { name: "DRPC", exact: true }).click();
    await page.getByLabel("Function").fill("exclamation");
    await page.getByLabel("Arguments").fill("<b>hello</b>");
    await page.getByRole("button", { name: "Call" }).click();
    await page.getByText("<b>hello</b>!").waitFor();
    await screenshot(page, "drpc");
    await assertAccessible(page);
  });

  it("kills a topology after it was asked twice", async () => {
    await using lab = await clusterHome();
    const url = await withSteady(lab);
    await using browser = await TestBrowser.launch();
    const page = await browser.open(url);
    await page.locator("td a", { hasText: "recorded-word-count" }).click();
    await page.getByRole("button", { name: "Kill" }).click();
    await page.getByRole("button", { name: "Leave it" }).click();
    await page.getByRole("button", { name: "Deactivate" }).click();
    await page.getByText("INACTIVE").waitFor();
    await page.getByRole("button", { name: "Kill" }).click();
    await page.getByRole("button", { name: "Do it" }).click();
    await page.getByRole("status").filter({ hasText: "Done: Kill" }).waitFor();
    await page.getByRole("link", { name: "Cluster" }).click();
    await page.getByText("No topology runs.").waitFor();
  });

  it("runs nothing that comes from a cluster", async () => {
    await using lab = await clusterHome();
    await lab.up();
    await lab.run(["submit", hostile]);
    const url = (await lab.run(["open", "--print"])).trim();
    await using browser = await TestBrowser.launch();
    const page = await browser.open(url);
    await page.locator("td a", { hasText: "hostile" }).click();
    const component = page.locator("td a", { hasText: "<img" });
    await component.waitFor();
    await page.getByText("<script>hacked").first().waitFor();
    await component.click();
    await page.locator(".errors pre", { hasText: "<script>hacked" }).first().waitFor();
    await page.getByRole("link", { name: "Events" }).click();
    await page.locator(".happening.bad", { hasText: "<script>hacked" }).first().waitFor();
    assert.equal(await page.locator("img, .errors script, #root script").count(), 0);
    assert.equal(await page.evaluate(() => "hacked" in globalThis), false);
  });
});

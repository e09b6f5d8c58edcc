// SPDX-License-Identifier: Apache-2.0
// The Metrics page, against a running server that has stored generated spans.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertFixed, at, checkAccessible, copiedAs, copiedLink, expectStatus, keep, kClipboard, open, page, url } from "./page.mjs";

const kQuantiles = "{ kind = server } | quantile_over_time(duration, .95) by (resource.service.name)";
const chart = (q, more = "&range=15m") => `${url}/chart?q=${encodeURIComponent(q)}${more}`;
const param = (name) => new URL(page.url()).searchParams.get(name);

/** How many different colours the canvas has: one that is empty has one. */
const colors = () => page.locator("canvas").evaluate((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let at = 0; at < data.length; at += 4) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
  return seen.size;
});

async function openChart(q, more) {
  await page.goto(chart(q, more));
  await at("chart").waitFor();
  await page.waitForFunction(() => document.querySelector("canvas").width > 300);
}

test("a query is drawn as lines, told as a table, and the crosshair reads its values", async () => {
  await page.goto(`${url}/find`);
  await page.getByRole("link", { name: "Metrics" }).click();
  await at("chart").waitFor();
  await page.locator(".cm-content").fill(kQuantiles);
  await page.keyboard.press("Enter");
  await page.waitForURL(/quantile_over_time/);
  await page.getByRole("columnheader", { name: "quantile" }).waitFor();
  assert.ok(await colors() > 20);
  assert.match(await at("series-row").first().innerText(), /p95[^]*(ms|s)/);
  const box = await page.locator("canvas").boundingBox();
  await page.mouse.move(box.x + box.width * 0.97, box.y + 60);
  await at("chart-callout").waitFor();
  assert.match(await at("chart-callout").innerText(), /\d\d:\d\d:\d\d/);
  await keep("metrics-line-light");
});

test("an exemplar is walked to by keyboard and leads to its trace, and back leads to the chart", async () => {
  await openChart(kQuantiles);
  await page.keyboard.press("c");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const id = /[0-9a-f]{32}/.exec(await at("chart-callout").innerText())[0];
  await keep("metrics-exemplar-light");
  await page.keyboard.press("Enter");
  await at("panel-ledger").waitFor();
  assert.equal(param("trace"), id);
  await page.keyboard.press("Escape");
  await at("exemplar-panel").waitFor({ state: "detached" });
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await at("exemplar-panel").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(`${url}/trace/${id}`);
  await at("span-row").first().waitFor();
  await page.goBack();
  await at("exemplar-panel").waitFor();
  await page.goBack();
  await at("exemplar-panel").waitFor({ state: "detached" });
  assert.equal(param("q"), kQuantiles);
});

test("beside the chart an exemplar has its value, and the verdict and ledger of its page", async () => {
  await openChart(kQuantiles);
  await page.keyboard.press("c");
  await page.keyboard.press("ArrowRight");
  const [value, , of] = (await at("chart-callout").innerText()).split(/\s{2,}|\n| (?=\d\d:)/).map((text) => text.trim());
  await page.keyboard.press("Enter");
  await at("panel-ledger").waitFor();
  assert.match(await at("exemplar-value").innerText(), new RegExp(`exemplar of ${of}, ${value}$`));
  const verdict = await at("panel-verdict").innerText();
  const shares = await at("panel-ledger").locator("td:last-child").allInnerTexts();
  assert.equal(shares.pop(), "100\u202f%");
  const cut = await at("panel-ledger").locator("td.num").evaluateAll((cells) => cells.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length);
  assert.equal(cut, 0, "no number is cut");
  await at("open-trace").click();
  await at("verdict").waitFor();
  assert.equal(await at("verdict").innerText(), verdict);
  assert.deepEqual(await at("ledger-bar").locator(".share").allInnerTexts(), shares);
});

test("a click on an exemplar leads to its trace", async () => {
  await openChart("{ kind = server } | max_over_time(duration)");
  // The keyboard tells in which column an exemplar is, the pointer at which height.
  await at("chart").focus();
  await page.keyboard.press("End");
  const box = await page.locator("canvas").boundingBox();
  const callout = await at("chart-callout").boundingBox();
  const onItsRight = await at("chart-callout").evaluate((element) => element.style.left !== "");
  const x = onItsRight ? callout.x - 12 : callout.x + callout.width + 12;
  for (let y = box.y; y < box.y + box.height; y += 4) {
    await page.mouse.move(x, y);
    if (await page.locator(".chart.on-point").count() === 0) continue;
    await page.mouse.click(x, y);
    await at("panel-ledger").waitFor();
    await at("open-trace").click();
    await page.waitForURL(/\/trace\/[0-9a-f]{32}/);
    await at("span-row").first().waitFor();
    return;
  }
  assert.fail("there is no exemplar in its column");
});

test("charts of another kind show the same numbers, and the address says which", async () => {
  await openChart("{ } | rate() by (resource.service.name)");
  await at("chart-bar").click();
  assert.equal(param("chart"), "bar");
  await at("chart-table").click();
  await at("values-table").waitFor();
  assert.match(await at("values-table").innerText(), /\/s/);
  await page.goBack();
  await at("chart").waitFor();
  assert.equal(param("chart"), "bar");
  await page.locator("[data-testid=chart-bar][aria-pressed=true]").waitFor();
});

test("a histogram is a map of heat without being asked", async () => {
  await openChart("{ } | histogram_over_time(duration)");
  await page.locator("[data-testid=chart-heatmap][aria-pressed=true]").waitFor();
  await at("heat-legend").waitFor();
  assert.ok(await colors() > 5);
  const box = await page.locator("canvas").boundingBox();
  await page.mouse.move(box.x + box.width * 0.9, box.y + box.height * 0.5);
  assert.match(await at("chart-callout").innerText(), /spans?[^]*–/);
});

test("what to group by is picked, and the query says so", async () => {
  await openChart("{ kind = server } | rate()");
  const field = (name) => page.locator(`[data-testid=group-field][data-field="${name}"]`);
  await at("group-by").click();
  await field("resource.service.name").click();
  await page.waitForURL((to) => to.searchParams.get("q") === "{ kind = server } | rate() by (resource.service.name)");
  await field("resource.service.name").and(page.locator("[aria-pressed=true]")).waitFor();
  await page.getByRole("columnheader", { name: "service.name" }).waitFor();
  await checkAccessible();
  await keep("metrics-group-light");
  await page.keyboard.press("Escape");
  await at("group-field").first().waitFor({ state: "detached" });

  await page.getByRole("main").click({ position: { x: 5, y: 5 } });
  await page.keyboard.press("b");
  await page.locator("[data-testid=group-name]:focus").waitFor();
  await page.keyboard.type("k8s.node");
  await field("resource.k8s.node.name").getByText(/^\d/).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL((to) => to.searchParams.get("q").endsWith("by (resource.service.name, resource.k8s.node.name)"));
  await field("resource.service.name").click();
  await page.waitForURL((to) => to.searchParams.get("q") === "{ kind = server } | rate() by (resource.k8s.node.name)");
  await page.goBack();
  await page.waitForURL((to) => to.searchParams.get("q").endsWith("by (resource.service.name, resource.k8s.node.name)"));
  await page.goto(chart("{ } | compare({ status = error })"));
  await at("metrics-form").waitFor();
  assert.equal(await at("group-by").count(), 0, "what has no by() has no groups");
});

test("a range that is dragged, a step and another range are in the address", async () => {
  await openChart("{ } | rate()");
  const box = await page.locator("canvas").boundingBox();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 100);
  await page.mouse.move(box.x + box.width * 0.8, box.y + 100);
  await page.mouse.up();
  await at("range-tools").getByText(/^\d\d:\d\d:\d\d–\d\d:\d\d:\d\d$/).waitFor();
  await at("zoom-range").click();
  await page.waitForURL(/range=custom/);
  await at("range-tools").waitFor({ state: "detached" });
  const length = Number(param("end")) - Number(param("start"));
  assert.ok(length > 150 && length < 230, `${length} s`);
  await at("step-input").selectOption("5s");
  assert.equal(param("step"), "5s");
  await at("chart").waitFor();
  await at("range-input").selectOption("15m");
  assert.equal(param("range"), "15m");
  await page.goBack();
  assert.equal(param("range"), "custom");
});

test("a time that is chosen stays marked, and is compared with the rest, by mouse and by keys", async () => {
  await openChart("{ kind = server } | rate() by (resource.service.name)");
  const box = await page.locator("canvas").boundingBox();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 100);
  await page.mouse.move(box.x + box.width * 0.8, box.y + 100);
  await page.mouse.up();
  await page.waitForURL(/box=\d+-\d+/);
  await page.reload();
  await at("range-tools").waitFor();
  await page.mouse.move(box.x, 5);
  await checkAccessible();
  await keep("metrics-range-light");
  const [from, to] = param("box").split("-").map(Number);
  await at("compare-range").click();
  await page.waitForURL(/\/compare\?/);
  const { start, end } = Object.fromEntries(new URL(page.url()).searchParams);
  assert.deepEqual([Number(start), Number(end)], [Math.floor(from / 1000), Math.ceil(to / 1000)]);
  assert.deepEqual([param("range"), param("baselineRange")], ["custom", "15m"]);
  await page.goBack();
  await at("range-tools").waitFor();
  await page.keyboard.press("Escape");
  await at("range-tools").waitFor({ state: "detached" });

  await page.keyboard.press("c");
  await page.keyboard.press("End");
  for (let times = 0; times < 3; ++times) await page.keyboard.press("Shift+ArrowLeft");
  await at("range-tools").waitFor();
  await page.keyboard.press("x");
  await page.waitForURL(/\/compare\?/);
  const lasts = Number(param("end")) - Number(param("start"));
  assert.ok(lasts >= 9 && lasts <= 11, `three steps are ${lasts} s`);
});

test("a range that is dragged with Shift is compared with all, a key compares with the time before", async () => {
  await openChart("{ kind = server } | rate() by (resource.service.name)");
  const box = await page.locator("canvas").boundingBox();
  await page.keyboard.down("Shift");
  await page.mouse.move(box.x + box.width * 0.6, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 100);
  await page.mouse.move(box.x + box.width * 0.8, box.y + 100);
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await page.waitForURL(/\/compare\?/);
  assert.deepEqual([param("q"), param("baseline"), param("range"), param("baselineRange")], ["{ kind = server }", "{ kind = server }", "custom", "15m"]);
  await at("verdict").waitFor();
  await page.goBack();
  await at("chart").waitFor();
  await page.keyboard.press("C");
  await page.waitForURL(/\/compare\?/);
  assert.deepEqual([param("range"), param("baselineRange")], ["15m", "custom"]);
  assert.equal(Number(param("baselineEnd")) - Number(param("baselineStart")) >= 900, true);
});

test("a mistake is marked, a failure told, and nothing is said to be nothing", async () => {
  await page.goto(chart("{ } | rate() by (foo)"));
  await at("query-error").waitFor();
  assert.equal(await at("query-error-mark").innerText(), "foo");
  await page.goto(chart("{ } | rate()", "&range=7d&step=1ms"));
  await at("metrics-error").waitFor();
  assert.match(await at("metrics-error").innerText(), /step of 1ms is too small/);
  await page.goto(chart('{ name = "no such span" } | rate() by (name)'));
  await at("no-metrics").waitFor();
  expectStatus(400);
});

test("the charts follow the theme at once", async () => {
  await open({ colorScheme: "dark" });
  await openChart("{ } | histogram_over_time(duration)");
  const pixels = () => page.locator("canvas").evaluate((canvas) => canvas.toDataURL());
  const dark = await pixels();
  await at("theme-toggle").click();
  await page.waitForFunction((before) => document.querySelector("canvas").toDataURL() !== before, dark);
  await at("theme-toggle").click();
  await openChart(kQuantiles);
  await at("exemplars").click();
  const [, id] = /([0-9a-f]{32})/.exec(await page.locator(".exemplars a").first().getAttribute("href"));
  await page.goto(`${page.url()}&trace=${id}`);
  await at("panel-ledger").waitFor();
  await page.waitForFunction(() => document.querySelector("canvas")?.width > 300);
  await keep("metrics-line-dark");
});

for (const colorScheme of ["light", "dark"]) {
  test(`each chart, its panel and its table can be read without eyes, ${colorScheme}`, async () => {
    await open({ colorScheme });
    await openChart(kQuantiles);
    await page.keyboard.press("c");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await at("panel-ledger").waitFor();
    await checkAccessible();
    await keep(`metrics-panel-${colorScheme}`);
    await at("chart-bar").click();
    await page.locator("[data-testid=chart-bar][aria-pressed=true]").waitFor();
    await checkAccessible();
    await keep(`metrics-bar-${colorScheme}`);
    await at("chart-table").click();
    await at("values-table").waitFor();
    await checkAccessible();
    await keep(`metrics-table-${colorScheme}`);
    await openChart("{ } | histogram_over_time(duration)");
    await at("heat-legend").waitFor();
    await checkAccessible();
    await keep(`metrics-heat-${colorScheme}`);
  });
}

test("keys scroll a table, which has nothing else to go to", async () => {
  await page.goto(chart(kQuantiles, "&range=15m&chart=table"));
  await at("values-table").waitFor();
  await page.getByRole("main").focus();
  await page.keyboard.press("End");
  await page.waitForFunction(() => document.querySelector("main").scrollTop > 0);
});

test("the exemplars are a list of links as well", async () => {
  await openChart(kQuantiles);
  await at("exemplars").click();
  const link = page.locator(".exemplars a").first();
  assert.match(await link.getAttribute("href"), /^\/trace\/[0-9a-f]{32}$/);
  await link.click();
  await at("span-row").first().waitFor();
});

test("a link that is copied has its time fixed", async () => {
  await open(kClipboard);
  await openChart(kQuantiles, "&range=15m&chart=bar");
  const link = await copiedLink();
  assertFixed(link);
  assert.equal(link.searchParams.get("q"), kQuantiles);
  assert.equal(link.searchParams.get("chart"), "bar");
});

for (const colorScheme of ["light", "dark"]) {
  test(`a query is copied for others to ask, and why not where they cannot, ${colorScheme}`, async () => {
    await open({ ...kClipboard, colorScheme });
    await openChart("{ kind = server } | rate() by (resource.service.name) > 0");
    const answer = await page.request.get(await copiedAs("HTTP"));
    assert.ok((await answer.json()).series.length > 0);
    const promql = 'sum by (service) (rate(traces_spanmetrics_calls_total{span_kind="SPAN_KIND_SERVER"}[5m])) > 0';
    assert.equal(await copiedAs("PromQL"), promql);
    assert.match(await copiedAs("Alert rule"), /alert: SpanRateHigh\n +expr: 'sum by \(service\)/);
    await openChart("{ } | rate() by (span.http.route)");
    await at("copy-menu").click();
    await page.getByRole("menuitem", { name: "PromQL Span metrics have no label for span.http.route.", disabled: true }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.equal(await page.getByRole("menuitem").count(), 3);
    await checkAccessible();
    await keep(`metrics-copies-${colorScheme}`);
  });
}

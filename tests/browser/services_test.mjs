// SPDX-License-Identifier: Apache-2.0
// The Services page over generated spans.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertFixed, at, checkAccessible, copiedLink, eventually, keep, kClipboard, open, page, url } from "./page.mjs";

const param = (name) => new URL(page.url()).searchParams.get(name);
const row = (service) => page.locator(`[data-testid=service-row][data-service="${service}"]`);
const names = () => page.locator("[data-testid=service-row] .op").allInnerTexts();

async function openServices(more = "") {
  await page.goto(`${url}/services?range=15m${more}`);
  await at("service-row").first().waitFor();
  await at("service-graph").waitFor();
}

test("services are a table and a graph of the same numbers", async () => {
  await page.goto(`${url}/find`);
  await page.getByRole("link", { name: "Services" }).click();
  await at("service-row").first().waitFor();
  await openServices();
  await eventually(async () => {
    const rows = await at("service-row").count();
    assert.ok(rows > 10, `${rows} services`);
    assert.match(await page.getByRole("heading", { level: 1 }).innerText(), new RegExp(`^${rows} services$`));
  });
  assert.match(await row("checkout").innerText(), /checkout\s+[\d.]+\s+(! )?[\d.]+\s+[\d.\u202f]+\s+[\d.\u202f]+\s+[\d.\u202f]+/);
  await row("checkout").locator(".spark polyline").first().waitFor({ state: "attached" });
  await at("hidden-edges").waitFor();
});

test("a column sorts the rows, the filter narrows them, and the address keeps both", async () => {
  await openServices();
  await at("sort-rate").click();
  await page.waitForURL(/sort=rate/);
  await eventually(async () => {
    const rates = (await page.locator("[data-testid=service-row] td:nth-child(2)").allInnerTexts()).map(Number);
    assert.deepEqual(rates, [...rates].sort((a, b) => b - a));
  });
  await at("services-filter").fill("CHECK");
  await page.waitForFunction(() => document.querySelectorAll("[data-testid=service-row]").length === 1);
  await page.reload();
  await at("service-row").first().waitFor();
  assert.deepEqual(await names(), ["checkout"]);
  await at("services-filter").fill("");
  await at("sort-name").click();
  await eventually(async () => {
    const sorted = await names();
    assert.ok(sorted.length > 10, `${sorted}`);
    assert.deepEqual(sorted, [...sorted].sort());
  });
});

test("a service leads to its calls, its traces and its charts, and Back returns", async () => {
  await openServices();
  await row("checkout").click();
  await page.waitForURL(/service=checkout/);
  await at("service-calls").waitFor();
  await eventually(async () => assert.match(await at("calls").first().innerText(), /Called by[^]*\/min/));
  await at("depth-1").click();
  await page.waitForURL(/depth=1/);
  await keep("services-focus-light");
  await at("service-traces").click();
  await page.waitForURL(/\/find\?/);
  assert.equal(param("q"), '{ resource.service.name = "checkout" }');
  assert.equal(param("range"), "15m");
  await at("result-row").first().waitFor();
  await page.goBack();
  await at("service-charts").click();
  await at("chart").waitFor();
  await page.goBack();
  await page.goBack();
  await page.waitForURL((to) => to.searchParams.get("depth") === null);
  await page.goBack();
  await page.waitForURL((to) => to.searchParams.get("service") === null);
});

test("what a service waits for is a bar that is all of its calls' time", async () => {
  await openServices("&service=checkout");
  await at("service-waits").waitFor();
  assert.match(await at("service-waits").innerText(), /^Waits for\s*mean per call [\d.]+\s[µm]?s, [\d\s]+ calls?/);
  const shares = await page.locator("[data-testid=service-waits] li .strong").allInnerTexts();
  assert.ok(shares.length > 1, `${shares}`);
  assert.equal(shares.reduce((sum, share) => sum + (share.startsWith("under") ? 0 : parseInt(share, 10)), 0), 100);
  const first = await at("service-waits").innerText();
  const other = (await names()).find((name) => name !== "checkout");
  await row(other).click();
  await page.waitForURL((to) => to.searchParams.get("service") === other);
  await eventually(async () => assert.notEqual(await at("service-waits").innerText(), first));
});

test("a link that is copied has its time fixed and shows the same", async () => {
  await open(kClipboard);
  await openServices("&service=checkout&depth=1");
  const link = await copiedLink();
  assertFixed(link);
  assert.equal(link.pathname, "/services");
  await page.goto(link.href);
  await at("service-graph").waitFor();
  await at("service-calls").waitFor();
  assert.equal(param("depth"), "1");
});

test("a node of the graph chooses its service", async () => {
  await openServices();
  const node = page.locator("[data-node^='service ']").first();
  const name = (await node.getAttribute("data-node")).slice(8);
  await node.click();
  await page.waitForURL((to) => to.searchParams.get("service") === name);
  await row(name).and(page.locator("[aria-current=true]")).waitFor();
});

test("nodes are walked by the arrow keys, and Enter chooses one", async () => {
  await openServices("&service=checkout&depth=1");
  const focused = page.locator("[data-testid=service-graph] :focus");
  const node = page.locator("[data-node='service checkout']");
  await node.and(page.locator("[aria-pressed=true][tabindex='0']")).waitFor();
  await node.focus();
  await page.keyboard.press("ArrowLeft");
  await focused.and(page.locator(":not([data-node='service checkout'])")).waitFor();
  const id = await focused.getAttribute("data-node");
  await page.keyboard.press("Enter");
  await page.waitForURL((to) => to.searchParams.get("service") === id.slice("service ".length));
});

test("the keyboard walks rows, opens operations and goes to the traces", async () => {
  await openServices("&sort=name");
  const [first, second] = await names();
  await page.keyboard.press("j");
  await page.waitForURL((to) => to.searchParams.get("service") === first);
  await page.keyboard.press("j");
  await page.waitForURL((to) => to.searchParams.get("service") === second);
  await page.keyboard.press("l");
  await at("operation-row").first().waitFor();
  await page.keyboard.press("h");
  await at("operation-row").first().waitFor({ state: "detached" });
  await page.keyboard.press("2");
  await page.waitForURL(/depth=2/);
  await page.keyboard.press("3");
  await page.waitForURL((to) => to.searchParams.get("depth") === null);
  await page.keyboard.press("f");
  await page.waitForURL(/depth=1/);
  await page.keyboard.press("/");
  await page.locator("[data-testid=services-filter]:focus").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("s");
  await page.waitForURL((to) => to.pathname === "/find" && to.searchParams.get("q") === `{ resource.service.name = "${second}" }`);
});

test("whose operations are open stands in the address: after a reload, the traces and Back they are as they were", async () => {
  await openServices("&sort=name");
  const opened = () => page.locator("[data-testid=operations-toggle][aria-expanded=true]").evaluateAll((all) => all.map((each) => each.closest("tr").dataset.service));
  const operations = () => page.locator("[data-testid=operation-row] .opi").allInnerTexts();
  const [first, , third] = await names();
  for (const each of [third, first]) {
    await row(each).getByTestId("operations-toggle").click();
    await row(each).locator("+ [data-testid=operation-row]").waitFor();
  }
  const shown = await operations();
  const isAsItWas = () => eventually(async () => assert.deepEqual([await opened(), await operations()], [[first, third], shown]));
  await isAsItWas();
  await page.reload();
  await isAsItWas();
  await row(third).click();
  await page.waitForURL((to) => to.searchParams.get("service") === third);
  await at("service-traces").click();
  await page.waitForURL(/\/find\?/);
  await page.goBack();
  await isAsItWas();
  await at("range-input").selectOption("3h");
  await page.waitForURL(/range=3h/);
  await isAsItWas();

  const asked = [];
  page.on("request", (request) => asked.push(decodeURIComponent(new URL(request.url()).search)));
  await openServices(`&sort=name&open=nosuch&open=${encodeURIComponent(first)}`);
  await row(first).locator("+ [data-testid=operation-row]").waitFor();
  assert.deepEqual(await opened(), [first]);
  const about = (name) => asked.filter((search) => search.includes(`"${name}"`)).length;
  assert.ok(about(first) > 0);
  assert.equal(about("nosuch"), 0, "nobody is asked about a service that is not there");
});

test("rare calls are left out until they are asked for", async () => {
  await openServices();
  const edges = () => page.locator(".edge-line").count();
  const few = await edges();
  await at("least-input").selectOption("0");
  await page.waitForURL(/least=0/);
  await at("hidden-edges").waitFor({ state: "detached" });
  await page.waitForFunction((before) => document.querySelectorAll(".edge-line").length > before, few);
});

test("nothing in the range says what to do, and the page can be read without eyes", async () => {
  await page.goto(`${url}/services?range=custom&start=1000&end=2000`);
  await at("no-services").waitFor();
  await at("range-input").selectOption("15m");
  await at("service-row").first().waitFor();
  for (const colorScheme of ["light", "dark"]) {
    await open({ colorScheme });
    await openServices("&service=checkout");
    await at("service-calls").waitFor();
    await checkAccessible();
    await keep(`services-${colorScheme}`);
  }
});

test("the calls of the chosen service are drawn in ink", async () => {
  await openServices("&service=checkout");
  await at("service-calls").waitFor();
  const graph = at("service-graph");
  const ofIt = graph.locator(".edge-chosen");
  await ofIt.first().waitFor({ state: "attached" });
  for (const said of await ofIt.locator("title").allTextContents()) assert.match(said, /^checkout to |^\S+ to checkout,/);
  const others = graph.locator(".edge-line:not(.edge-chosen):not(.edge-hot)");
  assert.ok((await others.count()) > 0);
  const strokeOf = (edges) => edges.first().evaluate((edge) => getComputedStyle(edge).stroke);
  assert.equal(await strokeOf(ofIt), await page.evaluate(() => getComputedStyle(document.body).color));
  assert.notEqual(await strokeOf(others), await strokeOf(ofIt));
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await page.waitForURL(/\/chart/);
});

// SPDX-License-Identifier: Apache-2.0
// The pages in a real browser, against a running server that has stored one request of the demo.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, background, expectStatus, keep, open, page, url } from "./page.mjs";

// A link of before, by tags.
const kQuery = `/find?tags=${encodeURIComponent('os.type="linux"')}`;

const spanRow = (service, name) => page.locator(`[data-testid=span-row][data-service="${service}"][data-name="${name}"]`);
const attribute = (key) => page.locator(`[data-testid=attribute-row][data-key="${key}"] dd`);

async function rowsAre(count) {
  await at("span-row").nth(count - 1).waitFor();
  await at("span-row").nth(count).waitFor({ state: "detached" });
}

const selectedIs = (start) => page.locator(`[data-testid=span-row][aria-selected=true][data-name^="${start}"]`).waitFor();

async function openTrace() {
  await page.goto(url + kQuery);
  await at("result-row").first().click();
  await at("span-row").first().waitFor();
}

test("a search by tag leads to the trace, and the trace to the attribute", async () => {
  await page.goto(`${url}/`);
  await at("add-attribute").click();
  await at("condition-input").fill('os.type="linux"');
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=.*os\.type/);
  await at("result-row").first().waitFor();
  await keep("demo-find-light");

  await at("result-row").first().click();
  await page.waitForURL(/\/trace\/[0-9a-f]+/);
  await at("span-row").nth(6).waitFor();
  await rowsAre(7);
  assert.match(await at("trace-header").innerText(), /7 spans[^]*3 services[^]*7 deep/);
  await keep("demo-trace-light");

  await spanRow("uservice3", "handle_incoming_call").click();
  await page.waitForURL(/span=[0-9a-f]{16}/);
  assert.equal(await attribute("os.type").innerText(), "linux");
  assert.equal(await attribute("service.name").innerText(), "uservice3");
  assert.match(await at("span-panel").innerText(), /Request decoded!/);
  await keep("demo-span-light");
});

test("a query in TraceQL finds the trace", async () => {
  await page.goto(`${url}/`);
  await at("query-input").fill('{ resource.service.name = "uservice3" && .os.type = "linux" } >> { kind = client }');
  await at("form-note").waitFor();
  await at("search-button").click();
  await at("result-row").first().waitFor();
});

test("a row folds and unfolds, and its link shows the same picture", async () => {
  await openTrace();
  const row = spanRow("uservice3", "handle_incoming_call");
  await row.getByTestId("span-toggle").click();
  await page.waitForURL(/fold=/);
  await rowsAre(3);
  await row.and(page.locator("[aria-expanded=false]")).waitFor();

  await page.reload();
  await at("span-row").nth(2).waitFor();
  await rowsAre(3);
  await row.getByTestId("span-toggle").click();
  await rowsAre(7);
  await row.and(page.locator("[aria-expanded=true]")).waitFor();
});

test("the keyboard walks from the search to the error", async () => {
  await page.goto(url + kQuery);
  await at("result-row").first().waitFor();
  await page.keyboard.press("j");
  await page.locator("[data-testid=result-row][aria-current]").waitFor();
  await page.keyboard.press("Enter");
  await at("span-row").nth(6).waitFor();

  await page.keyboard.press("Home");
  await selectedIs("EntryPoint web ");
  await page.keyboard.press("j");
  await selectedIs("forward ");
  await page.keyboard.press("k");
  await selectedIs("EntryPoint web ");
  await page.keyboard.press("e");
  await selectedIs("handle_incoming_call");
  await page.keyboard.press("h");
  await rowsAre(3);
  await page.keyboard.press("l");
  await rowsAre(7);
  await page.keyboard.press("End");
  await selectedIs("database_call");
  await page.locator("[data-name=database_call]:focus").waitFor();
  await page.keyboard.press("]");
  await rowsAre(2);
  await page.keyboard.press("[");
  await rowsAre(7);
  await page.keyboard.press("Escape");
  await at("span-panel").waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await at("span-panel").waitFor();
  await page.keyboard.press("?");
  await page.locator(".keys").waitFor();
});

test("the theme follows the system until the reader chooses", async () => {
  await openTrace();
  const light = await background();
  await open({ colorScheme: "dark" });
  await openTrace();
  const dark = await background();
  assert.notEqual(dark, light);
  await keep("demo-trace-dark");

  await at("theme-toggle").click();
  assert.equal(await background(), light);
  await page.reload();
  await at("span-row").first().waitFor();
  assert.equal(await background(), light);
  await page.goto(`${url}/find`);
  await at("search-form").waitFor();
  await at("theme-toggle").click();
  assert.equal(await background(), dark);
  await keep("demo-find-dark");
});

test("the box in the top bar jumps to a trace", async () => {
  await openTrace();
  const id = /\/trace\/([0-9a-f]+)/.exec(page.url())[1];
  await page.goto(`${url}/find`);
  await at("search-form").waitFor();
  await page.keyboard.press("t");
  await page.keyboard.type(id.toUpperCase());
  await page.keyboard.press("Enter");
  await at("span-row").nth(6).waitFor();
  assert.match(page.url(), new RegExp(`/trace/${id}$`));
  await page.goBack();
  await at("search-form").waitFor();
});

test("a trace that is not stored is said to be absent", async () => {
  await page.goto(`${url}/trace/0123456789abcdef`);
  await page.getByText("No trace with this ID.").waitFor();
  expectStatus(404);
});

test("Grafana's Explore link of the demo leads to the search", async () => {
  const left = { datasource: "tempo", queries: [{ refId: "A", queryType: "nativeSearch", limit: 20 }], range: { from: "now-1h", to: "now" } };
  await page.goto(`${url}/explore?orgId=1&left=${encodeURIComponent(JSON.stringify(left))}`);
  await page.waitForURL(`${url}/find`);
  await at("result-row").first().waitFor();
});

test("a narrow screen shows the largest self times", async () => {
  await open({ viewport: { width: 390, height: 844 } });
  await page.goto(url + kQuery);
  await at("result-card").first().click();
  await page.getByRole("heading", { name: "Spans on the path" }).waitFor();
  await keep("demo-trace-phone");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `the page is ${wide} px wide`);
});

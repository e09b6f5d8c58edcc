// SPDX-License-Identifier: Apache-2.0
// The line of TraceQL on the Find page, against a running server that has stored generated spans.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, background, expectStatus, keep, open, page, url } from "./page.mjs";

const find = (q, more = "") => `${url}/find?q=${encodeURIComponent(q)}${more}`;
const editor = () => page.locator(".cm-content");
const options = () => page.locator(".cm-tooltip-autocomplete li");
const queryOfAddress = () => new URL(page.url()).searchParams.get("q");

async function openFind() {
  await page.goto(`${url}/find`);
  await editor().waitFor();
  await at("result-row").first().waitFor();
}

/** Types what is to be completed, waits for the suggestion and takes it. */
async function complete(typed, label, key = "Tab") {
  await page.keyboard.type(typed);
  await options().filter({ hasText: label }).first().waitFor();
  await page.locator(".cm-tooltip-autocomplete li[aria-selected]").filter({ hasText: label }).waitFor();
  await page.keyboard.press(key);
}

test("a query is typed with completion alone, and its spans and columns are read", async () => {
  await openFind();
  await page.keyboard.press("/");
  await complete("{ service.na", "resource.service.name");
  await complete("", "=", "Enter");
  await page.keyboard.type("chec");
  await options().filter({ hasText: '"checkout"' }).first().waitFor();
  await keep("query-completion-light");
  await page.keyboard.press("Tab");
  await complete("&", "&&");
  await complete("http.request.meth", "span.http.request.method");
  await options().filter({ hasText: "is not" }).first().waitFor();
  await page.keyboard.press("ArrowDown");
  await complete("", "!=", "Enter");
  await options().first().waitFor();
  await page.keyboard.type("nil } | select(http.rout");
  await options().filter({ hasText: "span.http.route" }).first().waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.type(")");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=/);
  assert.equal(queryOfAddress(), '{ resource.service.name = "checkout" && span.http.request.method != nil } | select(span.http.route)');

  await at("attribute-column").first().waitFor();
  await at("spans-toggle").first().click();
  await at("matched-span").first().waitFor();
  assert.deepEqual(await at("attribute-column").allInnerTexts(), ["http.request.method", "http.route"]);
  assert.match(await at("matched-span").first().innerText(), /checkout/);
  assert.match(await page.locator(".sub-end").first().innerText(), /matching span/);
  await keep("query-spans-light");
  await at("matched-span").first().click();
  await page.waitForURL(/\/trace\/[0-9a-f]+\?span=[0-9a-f]{16}/);
  await at("span-panel").waitFor();
});

test("a value is offered only where the rest of the query has it", async () => {
  const count = async (filter) => {
    await page.goto(find(filter));
    await editor().waitFor();
    await editor().click();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Control+Space");
    await options().first().waitFor();
    return options().count();
  };
  const all = await count("{ name != nil && resource.service.name = }");
  const some = await count('{ resource.service.name = "checkout" && resource.service.name = }');
  expectStatus(400);
  assert.ok(all > 5, `${all} services`);
  assert.equal(some, 1);
});

test("Escape closes the list and then leaves, Shift+Enter breaks the line", async () => {
  await openFind();
  await page.keyboard.press("/");
  await page.keyboard.type("{ sta");
  await options().first().waitFor();
  await page.keyboard.press("Escape");
  await options().first().waitFor({ state: "detached" });
  await page.keyboard.type("tus = error }");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("| count() > 0");
  // Rows of the search before stay until those of this one come.
  const answered = page.waitForResponse((response) => /\/search\?.*count/.test(response.url()));
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=/);
  await answered;
  await page.locator(".results[aria-busy=false]").waitFor();
  assert.equal(queryOfAddress(), "{ status = error }\n| count() > 0");
  await at("result-row").first().waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.locator("[data-testid=result-row][aria-current]").waitFor();
  await page.keyboard.press("l");
  await at("matched-span").first().waitFor();
  await page.keyboard.press("h");
  await at("matched-span").first().waitFor({ state: "detached" });
});

test("a mistake is marked at its place, with what to do, until the text changes", async () => {
  await page.goto(find("{ status = error &&\n  http.method = 1 }"));
  await at("query-error").waitFor();
  assert.match(await at("query-error").innerText(), /line 2, col 3[^]*unknown identifier: http[^]*span\.http\.method/);
  assert.equal(await at("query-error-mark").innerText(), "http");
  await keep("query-error-light");
  await editor().click();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Backspace");
  await at("query-error-mark").waitFor({ state: "detached" });
  await at("query-error").waitFor({ state: "detached" });
  expectStatus(400);
});

test("chips and text stay in step while the query is a plain conjunction", async () => {
  await openFind();
  for (const [offer, typed] of [["service", "checkout"], ["attribute", "http.request.method=GET status!=error"], ["duration", "1ms"]]) {
    await at(`add-${offer}`).click();
    await at("condition-input").press("End");
    await page.keyboard.type(typed);
    await page.keyboard.press("Enter");
    await at("condition-input").waitFor({ state: "detached" });
  }
  const text = '{ resource.service.name = "checkout" && .http.request.method = "GET" && status != error && trace:duration > 1ms }';
  await page.waitForURL((to) => to.searchParams.get("q") === text);
  await page.getByText(text).waitFor();
  await at("result-row").first().waitFor();
  assert.deepEqual(await at("condition").allInnerTexts(), [
    "service = checkout\n×", "http.request.method = GET\n×", "status != error\n×", "trace duration > 1ms\n×",
  ]);

  await page.getByRole("button", { name: "Remove status" }).click();
  await page.waitForURL((to) => !to.searchParams.get("q").includes("status"));
  await page.getByRole("button", { name: "service = checkout" }).click();
  await at("condition-input").fill("resource.service.name=cart");
  await page.keyboard.press("Enter");
  await page.waitForURL((to) => to.searchParams.get("q") === '{ .http.request.method = "GET" && trace:duration > 1ms && resource.service.name = "cart" }');

  await editor().fill("{ .a } || { .b }");
  await at("form-note").waitFor();
  await editor().fill("");
  await at("add-attribute").click();
  await page.keyboard.type("a=");
  await page.keyboard.press("Enter");
  await page.locator("[data-testid=condition-input][aria-invalid=true]").waitFor();
  await page.keyboard.press("Escape");
  await at("condition-input").waitFor({ state: "detached" });
});

test("back and forward ask again what was asked", async () => {
  await openFind();
  for (const q of ["{ status = error }", '{ resource.service.name = "cart" }']) {
    await editor().fill(q);
    await page.keyboard.press("Enter");
    await page.waitForURL((to) => to.searchParams.get("q") === q);
  }
  await page.goBack();
  assert.equal(queryOfAddress(), "{ status = error }");
  await page.getByText("{ status = error }").waitFor();
  await page.goForward();
  assert.equal(queryOfAddress(), '{ resource.service.name = "cart" }');
  await page.reload();
  await page.getByText('{ resource.service.name = "cart" }').waitFor();
  assert.match(await at("condition").innerText(), /service = cart/);
});

test("without its editor the line is a plain text area that searches", async () => {
  await page.route(/editor_view/, (route) => route.abort());
  await page.goto(`${url}/find`);
  await at("query-input").fill("{ status = error }");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=/);
  await at("result-row").first().waitFor();
  assert.equal(await page.locator("textarea").count(), 1);
  expectStatus("ERR_FAILED");
});

test("the page keeps its looks in the dark, and on a narrow screen its width", async () => {
  await open({ colorScheme: "dark" });
  await page.goto(find("{ span.http.response.status_code >= 400 } | select(span.http.route, kind)", "&limit=30"));
  await at("spans-toggle").first().click();
  await at("matched-span").first().waitFor();
  assert.notEqual(await background(), "rgb(255, 255, 255)");
  await keep("query-spans-dark");
  await open({ viewport: { width: 390, height: 844 } });
  await page.goto(find("{ status = error }"));
  await at("result-card").first().waitFor();
  await keep("query-phone");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `the page is ${wide} px wide`);
});

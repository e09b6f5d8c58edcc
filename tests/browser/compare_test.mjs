// SPDX-License-Identifier: Apache-2.0
// The Compare page over an hour of a shop whose payments waited for a lock (tests/e2e/slow_shop.py): sets of traces,
// two traces, and the ways that lead there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, background, checkAccessible, copiedAs, copiedLink, expectStatus, keep, kClipboard, open, page, url } from "./page.mjs";

const kSlow = '{ resource.service.name = "checkout" && trace:duration > 700ms }';
const kRest = '{ resource.service.name = "checkout" }';
const kLarge = ["1a", "1b"].map((id) => id.padStart(32, "0"));
const address = (params) => `${url}/compare?${new URLSearchParams(params)}`;
const kSets = address({ q: kSlow, baseline: kRest, range: "3h" });
const param = (name) => new URL(page.url()).searchParams.get(name);
const rows = () => page.locator("[data-testid=growth-row]");
const pairRow = (name) => page.locator(`[data-testid=pair-row][data-name="${name}"]`).first();

async function openSets(target = kSets) {
  await page.goto(target);
  await at("growth-table").waitFor();
}

/** The ids of the first typical trace of both sets. */
async function openPair() {
  await openSets();
  await at("compare-examples").click();
  await page.waitForURL(/compare\?a=/);
  await at("paired-bars").waitFor();
  await pairRow("SELECT account FOR UPDATE").waitFor();
}

/** Nothing sticks out to the right. */
async function fits() {
  const [wide, has] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(wide <= has, `${wide} px on ${has}`);
  const main = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.querySelector("main");
    return scrollWidth - clientWidth;
  });
  assert.ok(main <= 0, `main is ${main} px too wide`);
}

const large = () => page.locator("main *").evaluateAll((all) => all
  .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) && parseFloat(getComputedStyle(each).fontSize) === 22)
  .map((each) => each.closest(".verdict, h1")?.className));

test("a set with the rest: the sentence, both ledgers, what grew, what the set has in common", async () => {
  await openSets();
  await at("verdict").getByText(/61 %|6\d.% in payment/).waitFor();
  assert.match(await at("verdict").innerText(), /^\d{3} ms|^1\.\d\d.s on the average \(normally \d{3}.ms/);
  assert.deepEqual([...new Set(await large())], ["verdict section"], "the verdict alone is 22 px");
  const first = rows().first();
  assert.match(await first.getAttribute("data-label"), /^payment SELECT account FOR UPDATE/);
  await first.getByText("stands out").waitFor();
  assert.equal(await page.getByText("stands out").count(), 1);
  const widths = await page.locator("[data-testid=paired-bar]").evaluateAll((bars) =>
    bars.map((bar) => [...bar.querySelectorAll("rect")].reduce((sum, rect) => sum + parseFloat(rect.getAttribute("width")), 0)));
  assert.ok(Math.abs(widths[0] - 100) < 0.1 && widths[1] < 60, `bars on one scale: ${widths}`);

  const version = page.locator('[data-testid=attribute-row][data-key="resource.service.version"]');
  await version.getByText("2.41.0").waitFor();
  assert.match(await version.innerText(), /100.%\s+\d\d.%/);
  await at("left-out").getByText(/the sets were selected by: resource\.service\.name/).waitFor();
  await at("left-out").getByText(/nearly every trace has its own: span\.request\.id/).waitFor();
  assert.match(await at("query-input-count").innerText(), /^132.traces|^1\d\d traces/);
  await at("changed-visits").getByText(/Errors begin in payment PaymentService\/Charge|goes without/).first().waitFor();
  await checkAccessible();
  await keep("compare-light");
  await version.getByRole("link").click();
  await page.waitForURL(/\/find\?/);
  assert.equal(param("q"), `(${kSlow}) && ({ resource.service.version = "2.41.0" })`);
  await at("result-row").first().waitFor();
  await page.goBack();
  await at("growth-table").waitFor();
});

test("the same in the dark, where a phrase chooses its row", async () => {
  await open({ colorScheme: "dark" });
  await openSets();
  const phrase = at("verdict").getByTestId("phrase").first();
  await phrase.click();
  await page.locator("[data-testid=growth-row][aria-current]").waitFor();
  assert.match(await page.locator("[data-testid=growth-row][aria-current]").getAttribute("data-label"), /SELECT account/);
  await page.keyboard.press("Escape");
  await checkAccessible();
  await keep("compare-dark");
  assert.notEqual(await background(), "rgb(255, 255, 255)");
});

test("all of it goes by keys", async () => {
  await openSets();
  await page.keyboard.press("?");
  await page.getByLabel("Keyboard").getByText("set or trace").waitFor();
  await keep("compare-keys");
  await page.keyboard.press("?");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.locator("[data-testid=growth-row][aria-current]").waitFor();
  assert.equal(await rows().nth(1).getAttribute("aria-current"), "true");
  const few = await rows().count();
  await page.keyboard.press("a");
  await rows().nth(few).waitFor();
  await page.keyboard.press("s");
  await page.waitForFunction((q) => new URLSearchParams(location.search).get("baseline") === q, kSlow);
  // All slow ones are in the other set too.
  await at("empty-set").getByText("There is no trace in the rest.").waitFor();
  await page.keyboard.press("s");
  await page.waitForFunction((q) => new URLSearchParams(location.search).get("q") === q, kSlow);
  await at("growth-table").waitFor();
  await page.keyboard.press("x");
  await page.waitForURL(/compare\?a=&b=/);
  await at("pair-ways").waitFor();
  await page.keyboard.press("x");
  await page.waitForURL(/baseline=/);
  await at("growth-table").waitFor();
  await page.keyboard.press("p");
  await page.waitForURL(/compare\?a=[0-9a-f]+&b=[0-9a-f]+/);
  await page.goBack();
  await at("growth-table").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/trace\//);
  await page.goBack();
  await at("growth-table").waitFor();
});

test("the chosen row and all rows stand in the address: after a reload, a trace and Back they are as they were", async () => {
  await open(kClipboard);
  await openSets();
  const current = page.locator("[data-testid=growth-row][aria-current]");
  const few = await rows().count();
  await page.keyboard.press("a");
  await rows().nth(few).waitFor();
  await rows().last().click();
  const [all, label] = [await rows().count(), await rows().last().getAttribute("data-label")];
  const isAsItWas = async () => {
    await current.waitFor();
    assert.deepEqual([await rows().count(), await current.getAttribute("data-label")], [all, label]);
  };
  await isAsItWas();
  await page.reload();
  await isAsItWas();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/trace\//);
  await page.goBack();
  await isAsItWas();
  await page.goto((await copiedLink()).href);
  await isAsItWas();
  await page.keyboard.press("s");
  await page.waitForFunction((q) => new URLSearchParams(location.search).get("baseline") === q, kSlow);
  assert.deepEqual([param("rows"), param("row")], ["all", null], "another answer has other rows");
  await openSets(`${kSets}&rows=7&row=no+such+part`);
  assert.deepEqual([await rows().count(), await current.count()], [few, 0]);
});

test("a query is edited in its place, and what is wrong is told below its line", async () => {
  await openSets();
  await page.locator(".cm-content[data-testid=query-input], [data-testid=query-input] .cm-content, textarea[data-testid=query-input]").first().waitFor();
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement?.closest(".set-line") !== null);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("{ status = error }");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => new URLSearchParams(location.search).get("q") === "{ status = error }");
  await at("growth-table").waitFor();
  await page.goBack();
  await page.waitForFunction((q) => new URLSearchParams(location.search).get("q") === q, kSlow);

  await page.goto(address({ q: "{ status = error }", baseline: "{ stat = }" }));
  const rest = page.getByRole("group", { name: "Rest" });
  await rest.getByTestId("query-error").waitFor();
  assert.equal(await at("query-error").count(), 1);
  await page.getByText("The query is not understood.").waitFor();
  await keep("compare-wrong");
  expectStatus(400);
});

test("where nothing stands out, or nothing is there, the page says so and what to do", async () => {
  await page.goto(address({ q: '{ span.customer.tier = "gold" }', baseline: '{ span.customer.tier = "standard" }', range: "3h" }));
  await at("verdict").getByText(/Nothing stands out/).waitFor();
  await at("no-attributes").waitFor();
  await at("compare-reasons").getByText(/Try a narrower set/).waitFor();
  await keep("compare-nothing");
  await page.goto(address({ q: '{ name = "no such span" }', baseline: "{ }" }));
  await at("empty-set").getByText("There is no trace in the set.").waitFor();
  await at("all-time").click();
  await page.waitForURL(/range=all/);
  await at("empty-set").waitFor();
  await checkAccessible();
  await page.goto(`${url}/compare`);
  await at("compare-ways").waitFor();
  await checkAccessible();
  await keep("compare-first");
  await page.getByRole("link", { name: "Failed traces with the others" }).click();
  await page.waitForURL(/q=%7B\+status/);
  await at("growth-table").waitFor();
  await page.goBack();
  await at("compare-ways").waitFor();
});

test("of very many traces the newest are read, and more when they are asked for", async () => {
  await openSets(address({ q: kSlow, baseline: kRest, range: "3h", traces: "50" }));
  await at("compare-reasons").getByText("The set has more than its newest 50 traces.").waitFor();
  await at("compare-reasons").getByText("The rest has more than the newest 50 traces.").waitFor();
  await at("read-more").waitFor();
  await page.keyboard.press("m");
  await page.waitForURL(/traces=200/);
  await at("query-input-count").getByText(/^132.traces$/).waitFor();
  assert.equal(await page.getByText("The set has more").count(), 0);
  await page.goBack();
  await page.waitForURL(/traces=50/);
});

test("a trace with a trace: what grew, and both as one tree", async () => {
  await openPair();
  await at("pair-verdict").getByText(/SELECT account FOR UPDATE.*grew by/).waitFor();
  assert.match(await at("pair-verdict").innerText(), /^\+\d{3}\sms\. /);
  assert.deepEqual([...new Set(await large())], ["verdict section"]);
  const label = await pairRow("SELECT account FOR UPDATE").getAttribute("aria-label");
  assert.match(label.replaceAll("\u202f", " "), /^payment SELECT account FOR UPDATE, A \d+ ms, B [\d.]+ ms, A − B \+\d+$/);
  await checkAccessible();
  await keep("compare-pair-light");
  const [a, b] = [param("a"), param("b")];
  await page.keyboard.press("s");
  await page.waitForFunction((id) => new URLSearchParams(location.search).get("a") === id, b);
  await at("pair-verdict").getByText(/SELECT account FOR UPDATE.*shrank by/).waitFor();
  await page.goBack();
  await page.waitForFunction((id) => new URLSearchParams(location.search).get("a") === id, a);

  await at("pair-verdict").getByTestId("phrase").first().click();
  await page.locator('[data-testid=pair-row][aria-selected=true][data-name="SELECT account FOR UPDATE"]').waitFor();
  await at("pair-verdict").getByTestId("phrase").filter({ hasText: "the rest" }).click();
  await page.locator('[data-testid=pair-row][aria-selected=true]:not([data-name="SELECT account FOR UPDATE"])').waitFor();
  await at("pair-verdict").getByTestId("phrase").first().click();
  await page.locator('[data-testid=pair-row][aria-selected=true][data-name="SELECT account FOR UPDATE"]').waitFor();
  await page.keyboard.press("h");
  await page.locator('[data-testid=pair-row][aria-selected=true][data-name="PaymentService/Charge"]').waitFor();
  const all = await at("pair-row").count();
  await page.keyboard.press("h");
  await page.waitForFunction((count) => document.querySelectorAll("[data-testid=pair-row]").length < count, all);
  await page.keyboard.press("l");
  await page.waitForFunction((count) => document.querySelectorAll("[data-testid=pair-row]").length === count, all);
  await page.keyboard.press("c");
  await page.waitForFunction((count) => document.querySelectorAll("[data-testid=pair-row]").length < count, all);
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/trace/${a}\\?span=`));
});

test("what of two traces is chosen and folded stands in the address, too", async () => {
  await openPair();
  const charge = pairRow("PaymentService/Charge");
  const everything = await at("pair-row").count();
  await charge.click();
  await page.keyboard.press("h");
  await charge.and(page.locator("[aria-expanded=false]")).waitFor();
  await page.keyboard.press("c");
  await at("changes-only").and(page.locator("[aria-pressed=true]")).waitFor();
  const names = () => at("pair-row").evaluateAll((all) => all.map((row) => row.dataset.name));
  const shown = await names();
  assert.ok(shown.length < everything && !shown.includes("SELECT account FOR UPDATE"), `${shown}`);
  const isAsItWas = async () => {
    await charge.and(page.locator("[aria-expanded=false][aria-selected=true]")).waitFor();
    await at("changes-only").and(page.locator("[aria-pressed=true]")).waitFor();
    assert.deepEqual(await names(), shown);
  };
  await page.reload();
  await isAsItWas();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/trace\//);
  await page.goBack();
  await isAsItWas();
  const [a, b] = [param("a"), param("b")];
  await page.keyboard.press("s");
  await page.waitForFunction((id) => new URLSearchParams(location.search).get("a") === id, b);
  assert.deepEqual([param("changes"), param("span"), param("fold")], ["only", null, null]);
  await page.goto(address({ a, b, changes: "some", span: "ff", fold: "ff.b-x.nothing" }));
  await charge.and(page.locator("[aria-expanded=true]")).waitFor();
  await at("changes-only").and(page.locator("[aria-pressed=false]")).waitFor();
  assert.equal(await page.locator("[data-testid=pair-row][aria-selected=true]").count(), 0);
  assert.equal(await at("pair-row").count(), everything);
});

test("spans of one trace alone are said in words, in the dark too", async () => {
  await open({ colorScheme: "dark" });
  await openSets(address({ q: "{ status = error }", baseline: kRest, range: "3h" }));
  await at("compare-examples").click();
  await page.getByText("only in B").first().waitFor();
  const label = await pairRow("INSERT order").getAttribute("aria-label");
  assert.match(label, /^checkout INSERT order, B .*\sms, only in B$/);
  await page.getByText(/1 only in B/).waitFor();
  await checkAccessible();
  await keep("compare-pair-dark");
});

test("two traces of 10 000 spans draw only the rows in sight", async () => {
  await page.goto(address({ a: kLarge[0], b: kLarge[1] }));
  await page.getByText("10 only in B").waitFor();
  const drawn = await at("pair-row").count();
  assert.ok(drawn > 10 && drawn < 120, `${drawn} rows`);
  assert.equal(await page.getByRole("treegrid").getAttribute("aria-rowcount"), "10001");
  await page.keyboard.press("End");
  await page.locator("[data-testid=pair-row][aria-selected=true][aria-rowindex='10001']").waitFor();
  await page.keyboard.press("Home");
  await page.locator("[data-testid=pair-row][aria-selected=true][aria-rowindex='2']").waitFor();
  await keep("compare-large");
});

test("what cannot be compared says why", async () => {
  await page.goto(address({ a: "deadbeef", b: kLarge[1] }));
  await at("pair-absent").getByText("There is no trace A.").waitFor();
  expectStatus(404);
  await at("trace-a").fill("no id");
  await at("trace-a").press("Enter");
  await page.getByText("1 to 32 hexadecimal digits").waitFor();
  await at("trace-a").fill(kLarge[0]);
  await at("trace-a").press("Enter");
  await page.waitForURL(/a=0*1a&/);
  await at("pair-row").first().waitFor();
});

test("Find leads there with a box and with two ticks, Trace with itself", async () => {
  await page.goto(`${url}/find?q=${encodeURIComponent(kRest)}&range=3h`);
  await at("heat").waitFor();
  await at("result-row").first().waitFor();
  const map = await page.locator(".hw").boundingBox();
  await page.mouse.move(map.x + 2, map.y + 34);
  await page.mouse.down();
  await page.mouse.move(map.x + map.width * 0.5, map.y + 50);
  await page.mouse.move(map.x + map.width - 2, map.y + 60);
  await page.mouse.up();
  await at("heat-callout").waitFor();
  assert.ok((await at("heat-callout").boundingBox()).x >= 0, "the callout of a wide box is seen");
  await keep("compare-from-box");
  await at("compare-box").click();
  await page.waitForURL(/\/compare\?/);
  assert.match(param("q"), /^\{ resource\.service\.name = "checkout" && trace:duration > /);
  assert.deepEqual([param("baseline"), param("range"), param("baselineRange")], [kRest, "custom", "3h"]);
  await at("verdict").getByText(/SELECT account/).waitFor();
  await page.goBack();

  await at("result-row").first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.getByText("Tick another to compare").waitFor();
  await at("tick").nth(2).click();
  await at("compare-ticked").waitFor();
  const [first, third] = await at("result-row").evaluateAll((all) => [all[0], all[2]].map((row) => row.dataset.traceId));
  await page.keyboard.press("C");
  await page.waitForURL(/compare\?a=/);
  assert.ok(first.endsWith(param("a")) && third.endsWith(param("b")), page.url());
  await at("pair-row").first().waitFor();

  await page.goto(`${url}/trace/${first}`);
  await at("compare-trace").waitFor();
  await page.keyboard.press("C");
  await page.waitForURL(/compare\?a=[0-9a-f]+&b=$/);
  await at("candidate").first().waitFor();
  await checkAccessible();
  await keep("compare-candidates");
  await at("candidate").first().click();
  await page.waitForURL(/&b=[0-9a-f]+/);
  await at("pair-row").first().waitFor();
  await page.getByRole("navigation", { name: "Screens" }).getByText("Compare").click();
  await at("compare-ways").waitFor();
});

for (const [name, width] of [["tablet", 800], ["phone", 390]]) {
  test(`nothing is cut off on a ${name}`, async () => {
    await open({ viewport: { width, height: 844 } });
    await openSets();
    await fits();
    await at("examples").last().scrollIntoViewIfNeeded();
    await page.goto(kSets);
    await at("growth-table").waitFor();
    await keep(`compare-${name}`);
    await at("compare-examples").scrollIntoViewIfNeeded();
    await at("compare-examples").click();
    await pairRow("POST /checkout").waitFor();
    await fits();
    await keep(`compare-pair-${name}`);
  });
}

test("what is copied is what the page says, of sets and of two traces", async () => {
  await open(kClipboard);
  await openSets();
  assert.match(await copiedAs("Markdown"), /SELECT account FOR UPDATE[^]*\|/);
  assert.match(await copiedAs("Command"), /^clew why .*--q .*--vs /);
  const answer = await page.request.get(await copiedAs("HTTP"));
  assert.equal(answer.status(), 200);
  await openPair();
  await at("pair-verdict").getByText(/grew by/).waitFor();
  const [first] = (await copiedAs("Markdown")).split("\n");
  assert.equal(first, (await at("pair-verdict").innerText()).replace(/\s/g, " "));
});

test("a link that is copied has the times of both sets fixed", async () => {
  await open(kClipboard);
  await openSets(`${kSets}&baselineRange=6h`);
  const { searchParams } = await copiedLink();
  const lasts = (start, end) => Number(searchParams.get(end)) - Number(searchParams.get(start));
  assert.deepEqual([searchParams.get("range"), lasts("start", "end")], ["custom", 3 * 3600]);
  assert.deepEqual([searchParams.get("baselineRange"), lasts("baselineStart", "baselineEnd")], ["custom", 6 * 3600]);
  assert.equal(searchParams.get("end"), searchParams.get("baselineEnd"));
});

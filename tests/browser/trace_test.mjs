// SPDX-License-Identifier: Apache-2.0
// The Trace page over a checkout of ten services: what a mouse does, what the keyboard alone does, what links say.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, checkAccessible, checkTargets, copiedAs, eventually, expectStatus, keep, kClipboard, open, page, url } from "./page.mjs";

const kTrace = `${url}/trace/7f3a90c41be85d02`;
const row = (name, service) => page.locator(`[data-testid=span-row][data-name="${name}"]${service ? `[data-service="${service}"]` : ""}`);
const attribute = (key) => page.locator(`[data-testid=attribute-row][data-key="${key}"] dd`).first();
const selectedIs = (name) => page.locator(`[data-testid=span-row][aria-selected=true][data-name="${name}"]`).waitFor();
const param = (name) => new URL(page.url()).searchParams.get(name);
const paramIs = (name, value) => page.waitForFunction(([key, wanted]) => new URL(location.href).searchParams.get(key) === wanted, [name, value]);

async function openTrace(query = "") {
  await page.goto(kTrace + query);
  await at("span-panel").locator("dl.kv").first().waitFor();
}

/** Pixels of the lanes that are not paper, as a share. */
const inked = () => page.evaluate(() => {
  let [count, pixels] = [0, 0];
  for (const canvas of document.querySelectorAll(".wf-lanes")) {
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) ++count;
    pixels += data.length / 4;
  }
  return count / pixels;
});

for (const colorScheme of ["light", "dark"]) {
  test(`a trace opens with its largest part selected, and nothing is wrong with the page, ${colorScheme}`, async () => {
    await open({ colorScheme });
    await openTrace();
    await selectedIs("SELECT account FOR UPDATE");
    await page.getByText("FOR UPDATE", { exact: false }).first().waitFor();
    await attribute("db.namespace").waitFor();
    assert.match(await at("trace-header").innerText(), /82 spans[^]*10 services[^]*10 deep[^]*2 errors/);
    assert.ok((await inked()) > 0.01, "the lanes are drawn");
    await keep(`trace-checkout-${colorScheme}`);
    await checkAccessible();
  });
}

test("the panel lays out SQL, JSON and stack traces, and says where an attribute leads", async () => {
  await openTrace();
  assert.equal(await attribute("db.statement").locator("pre").innerText(),
    "SELECT balance_minor, version\n  FROM account\n WHERE id = $1\n   FOR UPDATE");
  assert.match(await attribute("app.config").locator("pre").innerText(), /"retries": 3,\n/);
  await row("LoyaltyService/GetPoints", "checkout").click();
  assert.match(await attribute("exception.stacktrace").locator("pre").innerText(), /place\.cc:112/);
  assert.match(await at("span-status").innerText(), /error\s*deadline exceeded/);

  await row("SELECT account FOR UPDATE").click();
  const line = page.locator("[data-testid=attribute-row][data-key='peer.service']");
  await line.hover();
  assert.match(await line.getByRole("link", { name: "Search" }).getAttribute("href"), /^\/find\?q=/);
  await line.getByRole("button", { name: "Find here" }).click();
  await at("find-count").getByText(/of 2|2 matches/).waitFor();
  await line.hover();
  await line.getByRole("button", { name: "Pin" }).click();
  const pinned = page.locator("section[aria-label=Pinned] [data-key='peer.service']");
  await pinned.waitFor();
  await page.reload();
  await pinned.waitFor();
});

test("like siblings are one row until they are looked at", async () => {
  await openTrace();
  await page.keyboard.press("Home");
  const group = page.locator("[data-testid=span-row][data-group='25']");
  await group.waitFor();
  assert.match(await group.getAttribute("aria-label"), /^25 times cart SELECT product, .* in total, p95/);
  await group.getByTestId("span-toggle").click();
  await row("SELECT product").nth(25).waitFor();
  await group.and(page.locator("[aria-expanded=true]")).waitFor();
  await group.getByTestId("span-toggle").click();
  await row("SELECT product").nth(1).waitFor({ state: "detached" });
  await page.keyboard.press("g");
  await row("SELECT product").nth(24).waitFor();
  await paramIs("alike", "apart");
});

test("words and TraceQL find spans, and matches are walked", async () => {
  await openTrace();
  await page.keyboard.press("/");
  await page.keyboard.type("loyalty -select");
  await at("find-count").getByText("2 matches").waitFor();
  await page.keyboard.press("Enter");
  await selectedIs("LoyaltyService/GetPoints");
  await at("find-count").getByText("1 of 2").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type('{ .db.system = "redis" }');
  await page.keyboard.press("Enter");
  await at("find-count").getByText("1 match").waitFor();
  await at("only-matches").click();
  await at("span-row").nth(7).waitFor();
  await at("span-row").nth(8).waitFor({ state: "detached" });
  await row("HGETALL cart").and(page.locator("[aria-label$=match]")).waitFor();
  await page.getByTestId("find-input").fill("{ status = ");
  await page.keyboard.press("Enter");
  await page.locator(".find-count.err").waitFor();
  expectStatus(400);
});

test("dragging over the overview zooms, and Back shows all again", async () => {
  await openTrace();
  const box = await at("overview").boundingBox();
  await page.mouse.move(box.x + box.width * 0.25, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await page.waitForURL(/from=\d+&to=\d+|to=\d+/);
  const [from, to] = [Number(param("from")), Number(param("to"))];
  assert.ok(Math.abs(from - 0.25 * 1312e6) < 20e6 && Math.abs(to - 0.5 * 1312e6) < 20e6, `${from}-${to}`);
  await page.goBack();
  await paramIs("from", null);
  await at("all-time").waitFor({ state: "detached" });
});

test("the keyboard alone walks, zooms, re-roots and folds", async () => {
  await openTrace();
  await page.keyboard.press("z");
  await at("all-time").waitFor();
  await page.keyboard.press("0");
  await at("all-time").waitFor({ state: "detached" });
  await page.keyboard.press("Home");
  await selectedIs("POST /checkout");
  for (const key of ["j", "j", "j", "j"]) await page.keyboard.press(key);
  await page.keyboard.press("r");
  await at("whole-trace").waitFor();
  await page.locator("[data-testid=span-row][aria-level='1'][data-name='CheckoutService/Place']").waitFor();
  await page.keyboard.press("R");
  await at("whole-trace").waitFor({ state: "detached" });
  await page.keyboard.press("e");
  await selectedIs("LoyaltyService/GetPoints");
  await page.keyboard.press("c");
  await paramIs("path", "off");
  await page.keyboard.press("?");
  await page.getByText("zoom to span").waitFor();
});

test("the selected span, the stretch of time and the tab are in the link", async () => {
  await openTrace("?span=0000000000000043&from=100000000&to=400000000&tab=events");
  await at("event-row").nth(2).waitFor();
  await page.getByText("lock acquired").first().waitFor();
  await page.keyboard.press("1");
  await at("span-row").first().waitFor();
  assert.match(await at("window").innerText(), /^100\s–\s400/);
  await page.goBack();
  await at("events-view").waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  test(`the flame graph stands by time or merged, and its boxes are walked by the arrow keys, ${colorScheme}`, async () => {
    await open({ colorScheme });
    await openTrace("?tab=flame");
    await at("flame-canvas").waitFor();
    await keep(`trace-flame-${colorScheme}`);
    await at("flame-merged").click();
    await paramIs("flame", "merged");
    await page.getByRole("status").getByText(/of trace, self/).waitFor();
    await at("flame-canvas").focus();
    await page.keyboard.press("ArrowUp");
    await page.locator("[data-testid=span-panel][data-span]").getByRole("heading", { name: "PaymentService/Charge" }).waitFor();
    await checkAccessible();
    await keep(`trace-flame-merged-${colorScheme}`);
  });
}

const node = (words) => at("trace-graph").getByRole("button", { name: words });
const callRow = (name, nth = 0) => page.locator(`[data-testid=call-row][data-name="${name}"]`).nth(nth);
const panelIs = (name) => page.locator("[data-testid=span-panel][data-span]").getByRole("heading", { name, exact: true }).waitFor();

test("the graph is the calls by path, and the table says the same", async () => {
  await openTrace();
  await page.keyboard.press("4");
  await paramIs("tab", "graph");
  await node(/^payment, 14\.1\sms, 1\.07\s%, 6 spans$/).waitFor();
  await node(/^loyalty, .*, 2 spans, !\s1 error$/).waitFor();
  await page.locator("[data-testid=trace-graph] .node-alarm").first().getByText("! 1 error").waitFor();
  await page.locator(".edge-line title").getByText(/^frontend to checkout, 1 call, waited 1\s290\sms, of it network 6\.00\sms, 0\.47\s%$/).waitFor({ state: "attached" });
  assert.match(await callRow("payment").innerText(), /payment\s+checkout\s+1\s+915\sms\s+4\.00\sms 0\.44\s%\s+6\s+14\.1\sms\s+1\.07\s%/);
  assert.match(await callRow("ledger-db").innerText(), /ledger-db\s+payment\s+2\s+757\sms\s+none sent/);
  await at("call-table").getByRole("row", { name: /^Sum\s+82 / }).getByText(/^100\s%$/).waitFor();
  assert.equal(await at("trace-graph").getByRole("button").count(), await at("call-row").count());
  assert.equal(await at("trace-graph").locator(".node-inferred").count(), await at("call-table").getByText("none sent").count());
});

test("a node selects its longest span, by mouse, by table and by keys alone", async () => {
  await openTrace("?tab=graph");
  await callRow("payment").and(page.locator("[aria-selected=true]")).waitFor();
  await node(/^ledger-db/).click();
  await node(/^ledger-db/).and(page.locator("[aria-pressed=true]")).waitFor();
  await callRow("shipping").getByRole("button").click();
  await panelIs("ShippingService/Quote");
  await page.goBack();
  await panelIs("SELECT account FOR UPDATE");
  await node(/^edge, /).focus();
  for (const name of ["frontend", "checkout"]) {
    await page.keyboard.press("ArrowRight");
    await page.locator("[data-testid=trace-graph] :focus").and(node(new RegExp(`^${name}, `))).waitFor();
  }
  await page.keyboard.press("Enter");
  await node(/^checkout, /).and(page.locator("[aria-pressed=true]")).waitFor();
  await callRow("checkout").and(page.locator("[aria-selected=true]")).waitFor();
  await panelIs("CheckoutService/Place");
});

for (const colorScheme of ["light", "dark"]) {
  test(`the graph by operation, and of a subtree alone, ${colorScheme}`, async () => {
    await open({ colorScheme });
    await openTrace("?tab=graph");
    await node(/^payment, /).waitFor();
    await checkAccessible();
    await keep(`trace-graph-${colorScheme}`);
    await at("calls-operation").click();
    await paramIs("calls", "operation");
    await node(/^SELECT product, cart, .* 25 spans$/).waitFor();
    assert.match(await callRow("SELECT product").innerText(), /cart\s+SELECT product/);
    await checkAccessible();
    await keep(`trace-graph-operations-${colorScheme}`);
    await callRow("PaymentService/Charge", 1).getByRole("button").click();
    await panelIs("PaymentService/Charge");
    await page.keyboard.press("r");
    await callRow("POST /checkout").waitFor({ state: "detached" });
    await node(/^PaymentService\/Charge, payment, /).waitFor();
  });
}

test("what is copied is the trace, in each form", async () => {
  await open(kClipboard);
  await openTrace();
  await at("verdict").waitFor();
  await at("copy-menu").click();
  const items = await page.getByRole("menuitem").allInnerTexts();
  await page.keyboard.press("Escape");
  assert.deepEqual(items, ["Trace ID", "Markdown", "CSV", "OTLP JSON", "Jaeger JSON"]);
  assert.equal(await copiedAs("Trace ID"), "7f3a90c41be85d02");
  assert.match(await copiedAs("Markdown"), /^\*\*edge POST \/checkout\*\*[^]*57\s% in payment SELECT account FOR UPDATE/);
  assert.equal((await copiedAs("CSV")).trim().split("\n").length, 83);
  const otlp = JSON.parse(await copiedAs("OTLP JSON"));
  assert.equal(otlp.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans).flatMap(({ spans }) => spans).length, 82);
  const jaeger = JSON.parse(await copiedAs("Jaeger JSON"));
  assert.equal(jaeger.data[0].spans.length, 82);
  assert.match(jaeger.data[0].traceID, /7f3a90c41be85d02$/);
  assert.equal(Object.values(jaeger.data[0].processes).some(({ serviceName }) => serviceName === "payment"), true);
});

test("the menu of what is copied is walked by keys", async () => {
  await open(kClipboard);
  await openTrace();
  await at("copy-menu").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Trace ID" }).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("ArrowUp");
  await page.getByRole("menuitem", { name: "Jaeger JSON" }).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Enter");
  await at("copy-menu").getByText("Copied").waitFor();
  assert.ok(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())).data);
});

test("what is downloaded is the trace", async () => {
  await openTrace();
  for (const [item, name, wanted] of [
    ["OTLP JSON", "trace-7f3a90c41be85d02.otlp.json", /"resourceSpans":\[/],
    ["Jaeger JSON", "trace-7f3a90c41be85d02.jaeger.json", /"operationName":"SELECT account FOR UPDATE"/],
    ["CSV", "trace-7f3a90c41be85d02.csv", /^span_id,parent_id,/],
    ["Markdown", "trace-7f3a90c41be85d02.md", /\*\*edge POST \/checkout\*\*/],
  ]) {
    await at("download-menu").click();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: item }).click()]);
    assert.equal(file.suggestedFilename(), name);
    const stream = await file.createReadStream();
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    assert.match(Buffer.concat(chunks).toString(), wanted);
  }
});

test("the verdict's phrases and the parts of the bar select their spans, and the table adds up", async () => {
  await openTrace("?span=0000000000000001");
  await at("verdict").getByRole("link", { name: /^57\s% in payment SELECT account FOR UPDATE/ }).click();
  await selectedIs("SELECT account FOR UPDATE");
  await keep("trace-verdict");
  await at("verdict").getByRole("link", { name: /^First error: / }).click();
  await page.locator("[data-testid=span-row][aria-selected=true].is-error").waitFor();
  // The rest is a link to the largest of its rows.
  await at("verdict").getByRole("link", { name: /^rest 26\s%$/ }).click();
  await at("verdict").getByRole("link", { name: /^rest/ }).and(page.locator("[aria-current]")).waitFor();
  await selectedIs("check shelf");
  await at("ledger-bar").getByRole("button", { name: /payment POST psp/ }).click();
  await selectedIs("POST psp /authorize");
  await page.keyboard.press("3");
  await at("ledger-table").getByRole("row", { name: /^Sum/ }).getByText("100").waitFor();
  await at("ledger-table").getByRole("button", { name: "service", exact: true }).click();
  await paramIs("by", "service");
  await at("ledger-table").getByRole("button", { name: "payment" }).waitFor();
  await checkAccessible();
});

for (const colorScheme of ["light", "dark"]) {
  test(`events and JSON can be read without eyes, ${colorScheme}`, async () => {
    await open({ colorScheme });
    await openTrace("?tab=events");
    await at("event-row").nth(2).waitFor();
    await checkAccessible();
    await keep(`trace-events-${colorScheme}`);
    await page.keyboard.press("6");
    await at("json-view").locator("pre").waitFor();
    await checkAccessible();
    await keep(`trace-json-${colorScheme}`);
  });
}

test("a link within the trace leads back", async () => {
  await openTrace();
  const linked = page.locator("section[aria-label='Linked from']");
  await linked.getByRole("button", { name: "payment INSERT entry" }).click();
  await selectedIs("INSERT entry");
  await page.locator("section[aria-label=Links] a").click();
  await selectedIs("SELECT account FOR UPDATE");
});

test("links are told on the rows that they join, and lines show them while one is selected", async () => {
  await openTrace();
  await row("SELECT account FOR UPDATE").and(page.locator("[aria-label$=', 1 link to it']")).waitFor();
  await row("INSERT entry").and(page.locator("[aria-label$=', 1 link']")).waitFor();
  await row("POST psp /authorize").click();
  await selectedIs("POST psp /authorize");
  const without = await inked();
  await row("INSERT entry").click();
  await selectedIs("INSERT entry");
  await eventually(async () => assert.ok((await inked()) > without, "the line is drawn"));
  await keep("trace-links-light");
});

test("events that are too close to be told apart are one tick, whose title counts them", async () => {
  await page.goto(`${url}/trace/57`);
  await row("steps").waitFor();
  const lane = row("steps").locator(".lane");
  const { width } = await page.locator(".wf-head .axis").boundingBox();
  const titleAt = async (share, title) => {
    await lane.hover({ position: { x: width * share, y: 12 } });
    await row("steps").locator(`.lane[title^="${title}"]`).waitFor();
  };
  await titleAt(0.25, "6 events: exception, retry");
  await keep("trace-ticks-light");
  await titleAt(0.5, "1 event: done");
  await titleAt(0.75, "600");
  await lane.hover({ position: { x: width * 0.25, y: 12 } });
  await row("step 0").locator(".lane").hover();
  await row("steps").locator('.lane[title^="600"]').waitFor();
});

test("the wheel moves the rows of a long trace as far as it turns, and no further", async () => {
  await page.goto(`${url}/trace/57`);
  await row("steps").waitFor();
  const list = at("waterfall");
  await list.hover({ position: { x: 300, y: 200 } });
  for (let turns = 1; turns <= 12; ++turns) {
    await page.mouse.wheel(0, 240);
    await page.waitForFunction(([element, least]) => element.scrollTop >= least, [await list.elementHandle(), turns * 240]);
    // Rows come and go with each frame; what moves by itself moves in the next ones.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.equal(await list.evaluate((element) => element.scrollTop), turns * 240);
  }
});

test("the span as JSON is what OTLP says", async () => {
  await openTrace("?tab=json");
  const text = await at("json-view").locator("pre").innerText();
  assert.equal(JSON.parse(text).name, "SELECT account FOR UPDATE");
});

for (const colorScheme of ["light", "dark"]) {
  test(`a phone shows the largest parts, then spans as cards, ${colorScheme}`, async () => {
    await open({ viewport: { width: 375, height: 812 }, colorScheme, hasTouch: true });
    await page.goto(kTrace);
    await at("span-card").first().waitFor();
    await at("verdict").getByRole("link", { name: /^57\s% in payment SELECT account FOR UPDATE/ }).waitFor();
    const rows = page.locator(".plist button");
    assert.match(await rows.first().innerText(), /SELECT account FOR UPDATE\s+742\sms\s+57\s%\s+payment, callee ledger-db/);
    const shares = await rows.locator(".share").allInnerTexts();
    assert.equal(shares.length, 11, "ten rows and the rest");
    assert.equal(shares.reduce((sum, share) => sum + Number.parseInt(share, 10), 0), 100);
    await checkTargets();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 375, `the page is ${wide} px wide`);
    await keep(`trace-phone-${colorScheme}`);
    await at("span-card").nth(1).tap();
    await page.waitForURL(/span=/);
    await checkAccessible();
  });
}

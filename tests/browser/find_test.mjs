// SPDX-License-Identifier: Apache-2.0
// The Find page over generated spans: the map of durations, facets, the order of the results.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertFixed, at, checkAccessible, checkTargets, copiedLink, eventually, keep, kClipboard, open, page, url } from "./page.mjs";

const find = (q, more = "") => `${url}/find?q=${encodeURIComponent(q)}&range=15m${more}`;
const param = (name) => new URL(page.url()).searchParams.get(name);
const facet = (field, text) => page.locator(`[data-testid=facet][data-field="${field}"] [data-testid=facet-value]`).filter({ hasText: text });

async function openFind(q = "", more = "") {
  await page.goto(find(q, more));
  await at("heat").waitFor();
  await at("result-row").first().waitFor();
}

/** Milliseconds of a row's duration. */
async function durations() {
  const texts = await page.locator("[data-testid=result-row] .durcell .num").allInnerTexts();
  const sizes = { s: 1000, ms: 1, "µs": 1e-3, ns: 1e-6 };
  return texts.map((text) => {
    const [, number, unit] = /^([\d\s.]+)\s(\S+)$/.exec(text.replaceAll("\u202f", " "));
    return Number(number.replaceAll(" ", "")) * sizes[unit];
  });
}

test("the slowest come first of all that match, or the newest", async () => {
  await openFind();
  await page.getByText(/^20 slowest of \d[\d\u202f]+ matched$/).waitFor();
  const slowest = await durations();
  assert.deepEqual(slowest, [...slowest].sort((a, b) => b - a));
  await keep("find-heat-light");
  await at("order-newest").click();
  await page.waitForURL(/order=newest/);
  await page.getByText(/^20 newest of /).waitFor();
  const starts = await page.locator("[data-testid=result-row] td:first-child").allInnerTexts();
  assert.deepEqual(starts, [...starts].sort().reverse());
  await page.goBack();
  await page.getByText(/^20 slowest of /).waitFor();
  await page.keyboard.press("o");
  await page.getByText(/^20 newest of /).waitFor();
  await page.goto(find("{ } | sort(duration)"));
  await page.getByText("20 traces, in the order of the query").waitFor();
  assert.equal(await at("order-slowest").isDisabled(), true);
});

test("a box that is dragged counts its traces and becomes a filter", async () => {
  await openFind();
  const map = await page.locator(".hw").boundingBox();
  const [left, top] = [map.x + map.width * 0.55, map.y + 34];
  await page.mouse.move(left, top);
  await page.mouse.down();
  await page.mouse.move(left + map.width * 0.1, top + 40);
  await page.mouse.move(left + map.width * 0.3, top + 80);
  await page.mouse.up();
  await at("heat-callout").waitFor();
  const [, count] = /^([\d\u202f]+) traces?, \d\d:\d\d/.exec(await at("heat-callout").innerText());
  await page.waitForURL(/box=\d+-\d+-/);
  await keep("find-box-light");
  await page.reload();
  await at("heat-callout").waitFor();

  await at("keep-box").click();
  await page.waitForURL(/range=custom/);
  assert.match(param("q"), /^\{ trace:duration > [\d.]+m?s \}$/);
  await at("result-row").first().waitFor();
  const traces = Number(count.replaceAll("\u202f", ""));
  if (traces > 20) await page.getByText(new RegExp(` slowest of ${count} matched`)).waitFor();
  else await page.getByText(new RegExp(`^${count} traces?, slowest first`)).waitFor();
  await page.goBack();
  await page.waitForURL(/range=15m/);
});

test("the keyboard draws the box as well, and takes it away", async () => {
  await openFind();
  await page.keyboard.press("b");
  await page.locator("[data-testid=heat]:focus").waitFor();
  for (const key of ["ArrowLeft", "ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowDown", "Shift+ArrowDown"]) {
    await page.keyboard.press(key);
  }
  const wide = async () => (await at("heat-box").boundingBox()).width;
  const one = (await page.locator(".hw").boundingBox()).width / 60;
  assert.ok(Math.abs((await wide()) / one - 3) < 0.2, `${await wide()} of cells of ${one}`);
  await page.keyboard.press("Escape");
  await at("heat-callout").waitFor({ state: "detached" });
  assert.equal(param("box"), null);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("Enter");
  await page.waitForURL(/range=custom/);
});

test("a facet counts the traces that a click on it leaves", async () => {
  await openFind("", "&limit=20");
  const error = facet("status", "error");
  await error.waitFor();
  assert.match(await page.locator("[data-testid=facet][data-field=status] h2").innerText(), /Status\s+traces\s+p95/);
  const [, count] = /error\s+([\d\u202f]+)\s/.exec(await error.innerText());
  const traces = Number(count.replaceAll("\u202f", ""));
  const found = await page.evaluate(async () => (await fetch("/api/search?q={status=error}&limit=100000&since=900s")).json());
  assert.equal(traces, found.traces.length);
  await error.click();
  await page.waitForURL((to) => to.searchParams.get("q") === "{ status = error }");
  if (traces > 20) await page.getByText(`20 slowest of ${count} matched`).waitFor();
  else await page.getByText(new RegExp(`^${traces} traces?, slowest first`)).waitFor();
});

test("a facet filters with a click and lets go with another", async () => {
  await openFind();
  await facet("resource.service.name", "checkout").waitFor();
  assert.match(await facet("resource.service.name", "checkout").innerText(), /checkout\s+[\d\u202f]+/);
  await facet("resource.service.name", "checkout").click();
  await page.waitForURL((to) => to.searchParams.get("q") === '{ resource.service.name = "checkout" }');
  await at("condition").waitFor();
  await page.locator("[data-testid=facet-value][aria-pressed=true]").filter({ hasText: "checkout" }).waitFor();
  await facet("span.http.response.status_code", "200").click();
  await page.waitForURL((to) => to.searchParams.get("q").endsWith("&& span.http.response.status_code = 200 }"));
  await page.waitForFunction(() => /\d (ms|s|µs)$/.test(document.querySelector("[data-testid=facet-value]").innerText.replaceAll("\u202f", " ")));
  await keep("find-facets-light");
  await facet("span.http.response.status_code", "200").click();
  await page.waitForURL((to) => to.searchParams.get("q") === '{ resource.service.name = "checkout" }');
});

for (const colorScheme of ["light", "dark"]) {
  test(`any attribute becomes a facet, stays in this browser and is taken away, ${colorScheme}`, async () => {
    await open({ colorScheme });
    await openFind();
    const method = page.locator('[data-testid=facet][data-field="span.http.request.method"]');
    await facet("status", "error").waitFor();
    await page.keyboard.press("f");
    await page.locator("[data-testid=facet-name]:focus").waitFor();
    // What is a facet by itself is not offered.
    await page.keyboard.type("service.name");
    await page.locator('[data-testid=facet-field][data-field="resource.service.namespace"]').waitFor();
    assert.equal(await page.locator('[data-testid=facet-field][data-field="resource.service.name"]').count(), 0);
    await at("facet-name").fill("request.met");
    await page.locator('[data-testid=facet-field][data-field="span.http.request.method"]').waitFor();
    await page.keyboard.press("Enter");
    await facet("span.http.request.method", "GET").waitFor();
    await at("facet-name").fill("kin");
    await page.locator('[data-testid=facet-field][data-field="kind"]').click();
    await facet("kind", "server").waitFor();
    await checkAccessible();
    await keep(`find-add-facet-${colorScheme}`);
    await page.keyboard.press("Escape");
    await page.locator("[data-testid=add-facet]:focus").waitFor();

    await page.reload();
    const [, count] = /GET\s+([\d\u202f]+)\s/.exec(await facet("span.http.request.method", "GET").innerText());
    await facet("span.http.request.method", "GET").click();
    await page.waitForURL((to) => to.searchParams.get("q") === '{ span.http.request.method = "GET" }');
    await page.getByText(`20 slowest of ${count} matched`).waitFor();
    await method.locator("[aria-pressed=true]").filter({ hasText: "GET" }).waitFor();

    // Nothing of these has a method, and what is empty can be taken away.
    await page.goto(find('{ span.http.request.method = nil && kind = internal }'));
    await method.getByTestId("facet-empty").waitFor();
    await page.getByRole("button", { name: "Remove facet http.request.method" }).focus();
    await page.keyboard.press("Enter");
    await method.waitFor({ state: "detached" });
    await page.locator("[data-testid=add-facet]:focus").waitFor();
    await page.reload();
    await facet("kind", "internal").waitFor();
    assert.equal(await method.count(), 0);
    await at("remove-facet").click();
    await at("remove-facet").waitFor({ state: "detached" });
  });
}

for (const colorScheme of ["light", "dark"]) {
  test(`attributes become columns by mouse and by key, and stay in the address, ${colorScheme}`, async () => {
    await open({ colorScheme });
    await openFind();
    const heads = () => page.getByTestId("attribute-column").allInnerTexts();
    assert.deepEqual(await heads(), []);
    await page.waitForLoadState("networkidle");
    // What is told of all that matches stays.
    let anew = 0;
    page.on("request", (request) => (anew += Number(/\/traces\?|query_range/.test(request.url()))));
    await at("columns").click();
    await page.locator("[data-testid=column-name]:focus").waitFor();
    await page.keyboard.type("http.");
    await page.locator('[data-testid=column-field][data-field="span.http.route"]').click();
    await page.waitForURL((to) => to.searchParams.getAll("column").join() === "span.http.route");
    await page.locator('[data-testid=column-field][data-field="span.http.route"][aria-pressed=true]:focus').waitFor();
    await eventually(async () => assert.deepEqual(await heads(), ["http.route"]));
    assert.equal(anew, 0);
    await at("facet-value").first().waitFor();
    await checkAccessible();
    await keep(`find-columns-${colorScheme}`);
    await page.keyboard.press("Escape");
    await page.locator("[data-testid=columns]:focus").waitFor();
    await at("column-field").first().waitFor({ state: "detached" });

    await page.keyboard.press("c");
    await page.locator("[data-testid=column-name]:focus").waitFor();
    await page.keyboard.type("kin");
    await page.keyboard.press("Enter");
    await page.waitForURL((to) => to.searchParams.getAll("column").join() === "span.http.route,kind");
    await page.keyboard.press("Escape");
    await page.reload();
    await at("result-row").first().waitFor();
    assert.deepEqual(await heads(), ["http.route", "kind"]);
    assert.match(await at("result-row").first().innerText(), /server|client|internal/);
    await at("rows-spans").click();
    await at("span-result").first().waitFor();
    assert.deepEqual(await heads(), ["http.route", "kind"]);
    await page.goBack();
    await page.goBack();
    await page.goBack();
    await page.waitForURL((to) => !to.searchParams.has("column"));
    await eventually(async () => assert.deepEqual(await heads(), []));
  });
}

test("from the search to a trace takes two keys", async () => {
  await openFind();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await at("span-row").first().waitFor();
});

test("who comes back from a trace finds the row, what is ticked and what is open as they were", async () => {
  await openFind();
  const ids = await at("result-row").evaluateAll((rows) => rows.slice(0, 3).map((row) => row.dataset.traceId));
  for (const key of ["j", "x", "j", "j", "l", "x"]) await page.keyboard.press(key);
  const place = () => Promise.all([
    page.locator("[data-testid=result-row][aria-current=true]").evaluateAll((rows) => rows.map((row) => row.dataset.traceId)),
    page.locator("[data-testid=result-row]:has([data-testid=tick]:checked)").evaluateAll((rows) => rows.map((row) => row.dataset.traceId)),
    page.locator("[data-testid=result-row].is-open").evaluateAll((rows) => rows.map((row) => row.dataset.traceId)),
  ]);
  const before = [[ids[2]], [ids[0], ids[2]], [ids[2]]];
  await eventually(async () => assert.deepEqual(await place(), before));
  await page.keyboard.press("Enter");
  await at("span-row").first().waitFor();
  await page.goBack();
  await eventually(async () => assert.deepEqual(await place(), before));
  // Another question has nothing of it.
  await page.keyboard.press("o");
  await page.waitForURL((to) => to.searchParams.get("order") === "newest");
  assert.deepEqual([param("row"), param("ticked"), param("open")], [null, null, null]);
  await eventually(async () => assert.deepEqual(await place(), [[], [], []]));
});

test("a search without an answer says what to do", async () => {
  await page.goto(find('{ name = "no such span" }'));
  await at("no-results").waitFor();
  await page.getByRole("button", { name: "Without conditions" }).click();
  await at("result-row").first().waitFor();
  await page.goto(find("({ name != nil } | count() > 1) && ({ status = error } | count() > 0)"));
  await page.getByText("No map of a query").waitFor();
  await page.goto(`${url}/find?range=all`);
  await page.getByText("A map needs a range").waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  test(`a narrow screen has cards, and nothing sticks out, ${colorScheme}`, async () => {
    await open({ viewport: { width: 375, height: 812 }, colorScheme });
    await page.goto(find(""));
    await at("heat").waitFor();
    await at("result-card").first().waitFor();
    await keep(`find-phone-${colorScheme}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 375, `the page is ${wide} px wide`);
    await checkAccessible();
    await checkTargets();
    await at("result-card").first().click();
    await page.waitForURL(/\/trace\//);
  });
}

test("the page can be read without eyes, in both themes", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await open({ colorScheme });
    await openFind('{ resource.service.name = "checkout" }');
    await at("facet-value").first().waitFor();
    await at("spans-toggle").first().click();
    await page.keyboard.press("b");
    await page.keyboard.press("ArrowLeft");
    await at("heat-callout").waitFor();
    await checkAccessible();
    await keep(`find-${colorScheme}`);
  }
});

test("what was asked is kept in this browser, by mouse and by key", async () => {
  await openFind("{ status = error }");
  await page.goto(find("{ kind = server }"));
  await at("result-row").first().waitFor();
  await at("history").click();
  await eventually(async () => {
    assert.deepEqual(await at("history-item").allInnerTexts(), ["{ kind = server }", "{ status = error }"]);
  });
  await at("history-item").last().click();
  await page.waitForURL((to) => to.searchParams.get("q") === "{ status = error }");
  await at("result-row").first().waitFor();
  await page.keyboard.press("Shift+H");
  await page.locator("[data-testid=history-item]:focus").waitFor();
  await page.keyboard.press("Escape");
  await at("history-item").first().waitFor({ state: "detached" });
  await page.keyboard.press("Shift+H");
  await at("forget-history").click();
  await at("no-history").waitFor();
});

test("a search is saved with a name on the server, found again by another browser, and deleted", async () => {
  await openFind('{ resource.service.name = "checkout" }', "&order=newest");
  await page.keyboard.press("Shift+S");
  await page.locator("[data-testid=save-name]:focus").waitFor();
  await page.keyboard.type("new ones of checkout");
  await page.keyboard.press("Enter");
  await at("saved-item").filter({ hasText: "new ones of checkout" }).waitFor();
  await keep("find-saved-light");
  await open({});
  await openFind();
  await at("saved").click();
  await at("saved-item").filter({ hasText: "new ones of checkout" }).click();
  await page.waitForURL((to) => to.searchParams.get("q") === '{ resource.service.name = "checkout" }' && to.searchParams.get("order") === "newest");
  await page.keyboard.press("Shift+S");
  await page.getByRole("button", { name: "Delete new ones of checkout" }).click();
  await page.getByText("Nothing is saved yet").waitFor();
});

test("times are those of the reader or of UTC, and a link that is copied has them fixed", async () => {
  await open({ timezoneId: "Asia/Tokyo", ...kClipboard });
  await openFind();
  const first = () => page.locator("[data-testid=result-row] td").first().innerText();
  const local = await first();
  await page.keyboard.press("u");
  await page.waitForFunction((before) => document.querySelector("[data-testid=result-row] td")?.innerText !== before, local);
  const hours = (text) => Number(/(\d\d):\d\d:\d\d/.exec(text)[1]);
  assert.equal((hours(local) - hours(await first()) + 24) % 24, 9);
  await page.reload();
  await at("result-row").first().waitFor();
  assert.equal(await at("zone-toggle").getAttribute("aria-pressed"), "true");
  await at("zone-toggle").click();

  assertFixed(await copiedLink());
});

/** One span as its client sends it, of service "live". */
async function send(name, traceId) {
  const { ports } = await (await fetch(`${url}/api/clew/v1/server`)).json();
  const target = `http://127.0.0.1:${ports.find(({ protocol }) => protocol === "otlp_http").port}/v1/traces`;
  const body = JSON.stringify({ resourceSpans: [{
    resource: { attributes: [{ key: "service.name", value: { stringValue: "live" } }] },
    scopeSpans: [{ spans: [{ traceId, spanId: "00000000000000aa", name, startTimeUnixNano: `${Date.now()}000000`, endTimeUnixNano: `${Date.now()}500000` }] }],
  }] });
  // A server that has a block of each body may have too many of them to merge, and says later.
  await eventually(async () => {
    const { status } = await fetch(target, { method: "POST", headers: { "content-type": "application/json" }, body });
    assert.equal(status, 200);
  });
}

for (const [colorScheme, id] of [["light", "6"], ["dark", "7"]]) {
  test(`what arrives is followed, and stays in the address, ${colorScheme}`, async () => {
    await open({ colorScheme });
    await openFind('{ name = "GET" }');
    await page.keyboard.press("Shift+L");
    await page.waitForURL(/live=1/);
    await page.getByText(/^0 traces since \d\d:\d\d:\d\d$/).waitFor();
    await send("PUT", "5".repeat(32));
    await send("GET", id.repeat(32));
    await page.getByText(/^1 trace since /).waitFor();
    assert.match(await at("result-row").first().innerText(), /live\s+GET/);
    await checkAccessible();
    await keep(`find-live-${colorScheme}`);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/trace/${id.repeat(32)}$`));
    await page.goBack();
    await at("live-words").waitFor();
    await at("live-toggle").click();
    await page.getByText(/(slowest|newest)/).first().waitFor();
    assert.equal(param("live"), null);
  });

  test(`the spans that match are a list as well, ${colorScheme}`, async () => {
    await open({ colorScheme });
    await openFind('{ resource.service.name = "checkout" && kind = server }');
    await at("rows-spans").click();
    await page.waitForURL(/rows=spans/);
    await at("span-result").first().waitFor();
    assert.match(await at("span-result").first().innerText(), /checkout/);
    await checkAccessible();
    await keep(`find-spans-${colorScheme}`);
    await at("span-result").first().click();
    await page.waitForURL(/\/trace\/[0-9a-f]+\?span=[0-9a-f]{16}/);
    await page.goBack();
    await at("rows-traces").click();
    await at("result-row").first().waitFor();
  });
}

test("the page asks again by itself while it is seen, and what the reader is at stays", async () => {
  await page.clock.install();
  let searches = 0;
  page.on("request", (request) => (searches += Number(new URL(request.url()).pathname === "/api/search" && request.url().includes("limit=20"))));
  const asked = async (count) => {
    await eventually(() => assert.equal(searches, count));
    await page.locator("main[aria-busy=true]").waitFor({ state: "detached" });
  };
  await send("poll", "8".repeat(32));
  await openFind('{ name = "poll" }');
  await asked(1);
  assert.equal(await at("refresh").inputValue(), "");
  await page.clock.runFor(120_000);
  await asked(1);

  await at("refresh").selectOption("10s");
  await page.waitForURL(/refresh=10s/);
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await at("spans-toggle").first().click();
  await page.clock.runFor(9000);
  await asked(1);
  await send("poll", "9".repeat(32));
  await page.clock.runFor(1500);
  await at("result-row").nth(1).waitFor();
  await asked(2);
  const mine = page.locator(`[data-testid=result-row][data-trace-id$="${"8".repeat(32)}"]`);
  await mine.and(page.locator("[aria-current]")).waitFor();
  assert.ok(await mine.getByTestId("tick").isChecked());
  assert.equal(await mine.getByTestId("spans-toggle").getAttribute("aria-expanded"), "true");
  await keep("find-refresh-light");

  await page.evaluate(() => Object.defineProperty(document, "hidden", { get: () => window.isAway, configurable: true }));
  const away = (isAway) => page.evaluate((is) => {
    window.isAway = is;
    document.dispatchEvent(new Event("visibilitychange"));
  }, isAway);
  await away(true);
  await page.clock.runFor(60_000);
  await asked(2);
  await away(false);
  await asked(3);
  await at("refresh").selectOption("");
  await page.waitForURL((to) => !to.searchParams.has("refresh"));
  await page.clock.runFor(60_000);
  await asked(3);
});

/** In the place of what the server tells who follows it: these events, and then nothing more. */
async function tailIs(events) {
  const told = events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join("");
  await page.route("**/api/clew/v1/tail?*", (route) => route.fulfill({ contentType: "text/event-stream", body: `retry: 3600000\n\n${told}` }));
}

test("what was too much to follow is told, added up", async () => {
  await tailIs([["skipped", { spans: 1203, traces: 0 }], ["skipped", { spans: 1, traces: 3 }]]);
  await page.goto(find("", "&live=1"));
  await at("live-skipped").getByText(/^1.204 spans were not looked at, 3 traces are not shown: more came than can be followed$/).waitFor();
  await keep("find-live-skipped-light");
  await page.unrouteAll();
  await tailIs([["skipped", { spans: 1, traces: 0 }]]);
  await page.reload();
  await at("live-skipped").getByText(/^1 span was not looked at: more came than can be followed$/).waitFor();
  await page.unrouteAll();
  await tailIs([]);
  await page.reload();
  await at("live-words").waitFor();
  assert.equal(await at("live-skipped").innerText(), "");
});

test("each row says where the time of its trace went", async () => {
  await openFind();
  const first = at("result-row").first();
  await first.locator(".strip").waitFor();
  const [, share] = /(\d+)\s%/.exec(await first.locator("td.soft").innerText());
  assert.ok(Number(share) > 0 && Number(share) <= 100, share);
  assert.match(await first.locator(".strip").getAttribute("aria-label"), new RegExp(`^.+ ${share}\u202f%`));
  await page.locator("[data-testid=result-row] .strip").nth(19).waitFor();
  await keep("find-strips-light");
});

test("from the question to the span that took the most time it is two keys", async () => {
  await openFind();
  await page.keyboard.press("j");
  await page.locator("[data-testid=result-row][aria-current]").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/trace\//);
  await at("verdict").waitFor();
  const id = /\/trace\/([0-9a-f]+)/.exec(page.url())[1];
  const ledger = await page.evaluate(async (trace) => (await fetch(`/api/clew/v1/trace/${trace}/ledger`)).json(), id);
  await eventually(async () => {
    const shown = await at("span-panel").getAttribute("data-span");
    assert.ok(ledger.rows[0].spans.some((span) => shown.startsWith(span)), `${shown} of ${ledger.rows[0].spans}`);
  });
});

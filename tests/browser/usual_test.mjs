// SPDX-License-Identifier: Apache-2.0
// What is usual, on the Trace page: the sentence, the usual trace above the ledger, chips beside slow spans, and how
// the selected span stands among others like it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, checkAccessible, keep, open, page, url } from "./page.mjs";

const trace = (number) => `${url}/trace/${number.toString(16).padStart(32, "0")}`;
const row = (name) => page.locator(`[data-testid=span-row][data-name="${name}"]`);

async function openTrace(number, query = "") {
  await page.goto(trace(number) + query);
  await at("span-panel").locator("dl.kv").first().waitFor();
  await at("verdict").waitFor();
}

for (const colorScheme of ["light", "dark"]) {
  test(`a slow trace is shown beside the usual one, ${colorScheme}`, async () => {
    await open({ colorScheme });
    await openTrace(61);
    assert.match(await at("verdict").innerText(),
      /^82\d\sms \(normally 12\d\sms\)\. 7\d\s% network checkout → payment \(normally \d\s%\); 1\d\s% in payment SELECT account, callee ledger-db \(normally \d+\s%\); rest \d+\s% as usual\.$/);
    await page.getByText(/^Against edge POST \/order from .* UTC, 60 traces\.$/).waitFor();
    const ghost = at("usual-bar");
    assert.match(await ghost.getByRole("img").getAttribute("aria-label"), /^Usual trace 12\d\sms, of 60 traces, network checkout → payment \d/);
    assert.match(await ghost.locator("text").textContent(), /^usual, 12\d\sms$/);
    // On one scale: the usual trace is about a seventh of this one.
    const [usual, whole] = [await ghost.getByRole("img").boundingBox(), await page.locator("svg.ledger-bar").boundingBox()];
    assert.ok(Math.abs(usual.width / whole.width - 124 / 826) < 0.02, `${usual.width} of ${whole.width}`);
    await at("ledger-bar").getByText(/^usual \d/).first().waitFor();
    await row("SELECT account").click();
    await row("SELECT account").and(page.locator("[aria-label*='slower than all of 60 like it']")).waitFor();
    await row("price basket").and(page.locator(":not([aria-label*='slower than'])")).waitFor();
    const history = at("span-history");
    await history.getByText("Against 60 like it").waitFor();
    await history.getByText("p99", { exact: true }).waitFor();
    assert.match(await history.getByRole("img").getAttribute("aria-label"),
      /^slower than all of 60 like it; usual median 1\d\.?\d*\sms, p95 1\d\.?\d*\sms, this span 100\sms$/);
    await keep(`trace-usual-${colorScheme}`);
    await checkAccessible();
  });
}

test("the ledger's table says what is usual of each row", async () => {
  await openTrace(61, "?tab=ledger");
  const table = at("ledger-table");
  await table.getByRole("columnheader", { name: "Usual" }).waitFor();
  await table.getByRole("row", { name: /network checkout → payment/ }).getByText(/^100\s%$/).waitFor();
  await keep("trace-usual-table");
});

test("in a usual trace nothing stands out, and of too few nothing is claimed", async () => {
  await openTrace(60);
  await at("verdict").getByText(/Nothing stands out: every row is within its usual range \(n = 59\)\./).waitFor();
  await openTrace(3);
  assert.doesNotMatch(await at("verdict").innerText(), /normally/);
  await page.getByText("Too few to say what is usual: 2 of the 10 earlier traces of edge POST /order that it takes.").waitFor();
  await at("usual-bar").waitFor({ state: "detached" });
});

// SPDX-License-Identifier: Apache-2.0
// States of the pages that are seldom on the screen, in both themes: menus that are open, queries that are wrong, the
// strip of keys, pages that wait for a choice; and the ledger by any attribute.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, checkAccessible, expectStatus, keep, open, page, url } from "./page.mjs";

const kTrace = `${url}/trace/7f3a90c41be85d02`;
const kWrong = encodeURIComponent("{ status = error && http.method = 1 }");
const ledgerRow = (name) => at("ledger-table").getByRole("row", { name });

async function openLedger(query = "") {
  await page.goto(`${kTrace}?tab=ledger${query}`);
  await ledgerRow(/^Sum/).waitFor();
}

/** The page as it stands is kept, and nothing of it is serious. */
async function readable(name) {
  await checkAccessible();
  await keep(name);
}

test("the ledger is grouped by any attribute, and its rows still add up", async () => {
  await openLedger();
  await at("ledger-table").getByRole("columnheader", { name: "Category" }).waitFor();
  const box = page.getByLabel("Attribute to group by");
  await box.fill("resource.host.name");
  await box.press("Enter");
  await page.waitForURL((to) => to.searchParams.get("by") === "resource.host.name");
  await ledgerRow(/^payment-7f9 66/).waitFor();
  const shares = await at("ledger-table").locator("tbody .strong").allInnerTexts();
  assert.deepEqual(shares.map((share) => share.replace(/\s/g, " ")), ["66 %", "16 %", "6 %", "4 %", "3 %", "3 %", "2 %", "under 1 %"]);
  // Time of a host is of several categories.
  assert.equal(await page.getByRole("columnheader", { name: "Category" }).count(), 0);
  await ledgerRow(/^shipping-7f9/).getByRole("button").click();
  await at("span-panel").getByRole("heading", { name: "pack parcels" }).waitFor();
  await ledgerRow(/^shipping-7f9/).and(page.locator("[aria-selected=true]")).waitFor();

  await box.fill("span.peer.service");
  await box.press("Enter");
  await ledgerRow(/^spans without it 27/).waitFor();
  await page.goBack();
  await ledgerRow(/^payment-7f9/).waitFor();
  assert.equal(await box.inputValue(), "resource.host.name");
  await page.reload();
  await ledgerRow(/^payment-7f9/).waitFor();
  assert.equal(await box.inputValue(), "resource.host.name");
  await page.getByRole("button", { name: "service", exact: true }).click();
  await ledgerRow(/^payment 66/).waitFor();
  assert.equal(await box.inputValue(), "");
});

test("the keys that follow the one that opened a menu are for its list", async () => {
  await openLedger();
  const inside = await page.evaluate(async () => {
    const list = () => document.querySelector("[role=menu]");
    document.querySelector("[data-testid=copy-menu]").click();
    // Up to where the list is there, and not to what is done after it is drawn.
    for (let turn = 0; turn < 100 && !list(); ++turn) await Promise.resolve();
    return list()?.contains(document.activeElement);
  });
  assert.equal(inside, true);
});

for (const colorScheme of ["light", "dark"]) {
  test(`the ledger is read by owner, by an attribute, and when there is none, ${colorScheme}`, async () => {
    await open({ colorScheme });
    await openLedger();
    await readable(`states-ledger-${colorScheme}`);
    await openLedger("&by=.db.system");
    await ledgerRow(/^postgresql 57/).waitFor();
    await readable(`states-ledger-attribute-${colorScheme}`);
    await page.goto(`${kTrace}?tab=ledger&by=host.name`);
    await page.getByRole("alert").getByText(/^There is no ledger: .*unknown identifier: host/).waitFor();
    await readable(`states-ledger-wrong-${colorScheme}`);
    expectStatus(400);
  });

  test(`the menus of Find and Trace are read while they are open, ${colorScheme}`, async () => {
    await open({ colorScheme });
    await page.goto(`${url}/find?q=${encodeURIComponent("{ name != nil }")}`);
    await at("result-row").first().waitFor();
    await at("history").click();
    await at("history-item").waitFor();
    await readable(`states-history-${colorScheme}`);
    await at("saved").click();
    await at("save-name").fill(`asked in the ${colorScheme}`);
    await page.keyboard.press("Enter");
    await at("saved-item").filter({ hasText: colorScheme }).waitFor();
    await readable(`states-saved-${colorScheme}`);
    await page.goto(kTrace);
    await at("verdict").waitFor();
    for (const menu of ["copy", "download"]) {
      await at(`${menu}-menu`).click();
      await page.getByRole("menuitem").first().waitFor();
      await readable(`states-${menu}-menu-${colorScheme}`);
      await page.keyboard.press("Escape");
    }
  });

  test(`what is wrong with a query is read on each page that takes one, ${colorScheme}`, async () => {
    await open({ colorScheme });
    for (const [name, target] of [["find", "find?q="], ["metrics", "chart?q="], ["compare", "compare?baseline=%7B+%7D&q="]]) {
      await page.goto(`${url}/${target}${kWrong}`);
      await at("query-error").waitFor();
      await at("query-error-mark").waitFor();
      await readable(`states-wrong-${name}-${colorScheme}`);
    }
    await page.goto(kTrace);
    await at("find-input").fill("{ status = ");
    await page.keyboard.press("Enter");
    await page.locator(".find-count.err").waitFor();
    await readable(`states-wrong-trace-${colorScheme}`);
    expectStatus(400);
  });

  test(`Compare is read while it waits for sets, for traces, and for the other trace, ${colorScheme}`, async () => {
    await open({ colorScheme });
    for (const [query, shown] of [["", "compare-ways"], ["?a=&b=", "pair-ways"], ["?a=7f3a90c41be85d02&b=", "candidate"]]) {
      await page.goto(`${url}/compare${query}`);
      await at(shown).waitFor();
      await readable(`states-${shown}-${colorScheme}`);
    }
    assert.match(await at("candidate").innerText(), /^b\s+120\sms\s+3 spans/);
  });

  test(`the strip of keys is read on every page, ${colorScheme}`, async () => {
    await open({ colorScheme });
    const strip = page.getByRole("complementary", { name: "Keyboard" });
    const pages = [["find", "result-row"], ["trace/7f3a90c41be85d02", "verdict"], ["services", "service-row"], ["chart", "chart"],
      ["compare?q=%7B+trace:duration+>+1s+%7D&baseline=%7B+%7D", "verdict"]];
    for (const [target, shown] of pages) {
      await page.goto(`${url}/${target}`);
      await at(shown).first().waitFor();
      await page.keyboard.press("?");
      await strip.getByText("close this").waitFor();
      await readable(`states-keys-${target.split(/[/?]/)[0]}-${colorScheme}`);
    }
    await page.keyboard.press("?");
    await strip.waitFor({ state: "hidden" });
  });
}

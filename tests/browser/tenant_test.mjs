// SPDX-License-Identifier: Apache-2.0
// A server that keeps tenants apart, with a trace of shop and one of bank.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, checkAccessible, expectStatus, keep, page, url } from "./page.mjs";

const tenantOf = (address) => new URL(address).searchParams.get("tenant");

async function name(tenant) {
  await at("tenant-input").fill(tenant);
  await at("tenant-input").press("Enter");
  await page.waitForURL((to) => to.searchParams.get("tenant") === tenant);
}

test("whose spans are shown is asked for, and stays from page to page", async () => {
  await page.goto(`${url}/find`);
  await at("tenant-strip").getByText("Whose spans are to be shown?").waitFor();
  assert.match(await at("tenant-wanted").innerText(), /^No tenant is named\.\s+The server says: no tenant: send the header X-Scope-OrgID\s+Name it in the field Tenant/);
  await keep("tenant-asked-light");
  await checkAccessible();
  await name("shop");
  await page.getByRole("link", { name: "shop checkout" }).waitFor();
  assert.equal(await at("result-row").count(), 1);
  await at("result-row").first().click();
  await page.waitForURL(/\/trace\//);
  await at("verdict").waitFor();
  assert.equal(tenantOf(page.url()), "shop");
  await keep("tenant-trace-light");
  await page.getByRole("link", { name: "Services" }).click();
  await page.getByRole("cell", { name: "shop" }).first().waitFor();
  assert.equal(tenantOf(page.url()), "shop");
  expectStatus(401);
});

test("an address names the tenant, and another one is gone to and back from", async () => {
  await page.goto(`${url}/find?tenant=shop`);
  await page.getByRole("link", { name: "shop checkout" }).waitFor();
  await name("bank");
  await page.getByRole("link", { name: "bank charge" }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "shop checkout" }).waitFor();
});

test("a link that is opened in another tab shows the same tenant", async () => {
  await page.goto(`${url}/find?tenant=bank`);
  await page.getByRole("link", { name: "bank charge" }).waitFor();
  const [other] = await Promise.all([
    page.context().waitForEvent("page"),
    page.getByRole("link", { name: "Services" }).click({ modifiers: ["ControlOrMeta"] }),
  ]);
  await other.waitForURL(/\/services/);
  assert.equal(tenantOf(other.url()), "bank");
});

for (const path of ["services", "chart", "compare?a=1&b=2", "trace/01010101010101010101010101010101"]) {
  test(`no page says that it failed where only the tenant is missing, ${path}`, async () => {
    await page.goto(`${url}/${path}`);
    await at("tenant-wanted").getByText("send the header X-Scope-OrgID").waitFor();
    assert.equal(await page.getByRole("alert").count(), 1);
    await name("shop");
    await at("tenant-wanted").waitFor({ state: "detached" });
    assert.equal(new URL(page.url()).pathname, `/${path.split("?")[0]}`);
    expectStatus(401);
    expectStatus(404);  // There are no traces 1 and 2 to compare.
  });
}

test("what is copied to send a span says whose it is", async () => {
  await page.goto(`${url}/find?tenant=new`);
  const box = at("first-run").locator("pre").first();
  await box.getByText("-H 'X-Scope-OrgID: new'").waitFor();
});

test("what arrives is followed for that tenant", async () => {
  await page.goto(`${url}/find?tenant=bank&live=1`);
  await at("live-words").waitFor();
  const [request] = await Promise.all([page.waitForRequest(/\/tail\?/), page.reload()]);
  assert.equal(request.headers()["x-scope-orgid"], "bank");
});

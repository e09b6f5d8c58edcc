// SPDX-License-Identifier: Apache-2.0
// The spans of the server itself, of which it has stored nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, keep, page, url } from "./page.mjs";

test("the server's own spans are looked at and left", async () => {
  await page.goto(`${url}/find?tenant=clew-self`);
  await at("result-row").first().waitFor();
  assert.match(await at("result-row").first().innerText(), /clew\s+GET \/api/);
  await keep("own-spans-light");
  await at("leave-tenant").click();
  await page.waitForURL((to) => !to.searchParams.has("tenant"));
  await at("first-run").waitFor();
  assert.equal(await at("tenant-strip").count(), 0);
});

// SPDX-License-Identifier: Apache-2.0
// Files of spans, dropped and chosen, on a server that has stored nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, checkAccessible, expectStatus, keep, page, url } from "./page.mjs";

const kStart = 1_600_000_000_000_000; // long ago, in µs

function zipkinSpan(trace, id, parent, service, name, from, micros) {
  return { traceId: trace, id, ...(parent ? { parentId: parent } : {}), name, kind: "SERVER", timestamp: kStart + from,
    duration: micros, localEndpoint: { serviceName: service } };
}

const one = [
  zipkinSpan("000000000000000a", "0000000000000001", undefined, "shop", "checkout", 0, 300_000),
  zipkinSpan("000000000000000a", "0000000000000002", "0000000000000001", "bank", "charge", 20_000, 250_000),
];
const two = [...one, zipkinSpan("000000000000000b", "0000000000000003", undefined, "shop", "look", 500_000, 20_000)];

const choose = (name, text) =>
  at("file-input").setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });

async function drop(name, text) {
  const data = await page.evaluateHandle(([called, content]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], called, { type: "application/json" }));
    return transfer;
  }, [name, text]);
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}

test("a file of one trace is dropped and read, and nothing of it is stored", async () => {
  await page.goto(`${url}/find`);
  await at("first-run").waitFor();
  await drop("checkout.json", JSON.stringify(one));
  await page.waitForURL(/\/trace\/0*a/);
  await at("opened-file").getByText("1 trace, 2 spans, Zipkin JSON").waitFor();
  await at("verdict").getByText("bank charge").waitFor();
  await keep("opened-file-light");
  await checkAccessible();
  const stored = await page.evaluate(async () => (await fetch("/api/search?q={}")).json());
  assert.deepEqual(stored.traces, []);
});

test("a file of several is searched like what is stored, until it is closed", async () => {
  await page.goto(`${url}/find`);
  await choose("shop.json", JSON.stringify(two));
  await at("opened-file").waitFor();
  await at("result-row").nth(1).waitFor();
  assert.equal(await at("result-row").count(), 2);
  await page.getByRole("link", { name: "Services" }).click();
  await page.getByRole("cell", { name: "bank" }).first().waitFor();
  await page.getByRole("link", { name: "Find" }).click();
  await at("result-row").nth(1).waitFor();
  await at("result-row").first().click();
  await page.waitForURL(/\/trace\//);
  await at("verdict").waitFor();
  await at("close-file").click();
  await at("first-run").waitFor();
  assert.equal(await at("opened-file").count(), 0);
});

test("what is no file of spans is refused with its reason", async () => {
  await page.goto(`${url}/find`);
  await choose("notes.json", '[{"traceId":7}]');
  await at("refused-file").getByText(/notes\.json was not opened: .*expected a string/s).waitFor();
  await page.getByRole("button", { name: "Go on" }).click();
  await at("refused-file").waitFor({ state: "detached" });
  expectStatus(400);
});

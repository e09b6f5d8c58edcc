// SPDX-License-Identifier: Apache-2.0
// The page of a server that has stored nothing yet, until it has.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, checkAccessible, keep, open, page, url } from "./page.mjs";

const way = (key) => at(`way-${key}`);
const panel = () => page.getByRole("tabpanel");

test("an empty server says where it listens and how to send it a span", async () => {
  await page.goto(`${url}/`);
  await at("first-run").waitFor();
  await at("ports").waitFor();
  const facts = await page.evaluate(async () => (await fetch("/api/clew/v1/server")).json());
  const ports = await at("ports").innerText();
  for (const { port } of facts.ports) assert.match(ports, new RegExp(`\\b${port}\\b`));
  assert.match(await page.locator(".step").first().innerText(), /curl -s http:\/\/127\.0\.0\.1:\d+\/v1\/traces/);
  await page.getByText("Nothing came so far, and nothing was refused.").waitFor();
});

test("the ways to send are walked by keys", async () => {
  await page.goto(`${url}/find`);
  await at("ports").waitFor();
  await page.keyboard.press("3");
  await page.locator("[data-testid=way-python][aria-selected=true]").waitFor();
  await panel().getByText("opentelemetry-instrument python app.py").waitFor();
  await way("python").focus();
  await page.keyboard.press("ArrowRight");
  await page.locator("[data-testid=way-node]:focus").waitFor();
  await panel().getByText("node app.js").waitFor();
  await way("collector").click();
  await panel().getByText("exporters:").waitFor();
});

test("every way is one step from the one before, and names a port of this server", async () => {
  await page.goto(`${url}/find`);
  await at("ports").waitFor();
  const { ports } = await page.evaluate(async () => (await fetch("/api/clew/v1/server")).json());
  const ways = await page.getByRole("tab").evaluateAll((tabs) => tabs.map(({ dataset }) => dataset.testid));
  for (const wanted of ["way-cpp", "way-dotnet", "way-ruby", "way-php", "way-rust", "way-zipkin"]) assert.ok(ways.includes(wanted), wanted);
  await at(ways[0]).focus();
  for (const each of ways) {
    await page.locator(`[data-testid=${each}]:focus[aria-selected=true]`).waitFor();
    const text = await panel().innerText();
    assert.ok(ports.some(({ port }) => text.includes(`:${port}`)), `${each}: ${text}`);
    await page.keyboard.press("ArrowRight");
  }
  await page.keyboard.press("6");
  await page.locator("[data-testid=way-cpp][aria-selected=true]").waitFor();
  await way("cpp").blur();
  await keep("first-run-cpp-light");
});

test("it can be read without eyes, in both themes", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await open({ colorScheme });
    await page.goto(`${url}/find`);
    await at("ports").waitFor();
    await checkAccessible();
    await keep(`first-run-${colorScheme}`);
  }
});

test("a refused request is told of, and the first span turns the page into its trace", async () => {
  await page.goto(`${url}/find`);
  await at("ports").waitFor();
  const { ports } = await page.evaluate(async () => (await fetch("/api/clew/v1/server")).json());
  const target = `http://127.0.0.1:${ports.find(({ protocol }) => protocol === "otlp_http").port}/v1/traces`;
  const headers = { "content-type": "application/json" };
  await at("received-here").getByText("nothing came so far").waitFor();
  await at("port-otlp_http").getByText("0", { exact: true }).waitFor();
  const refused = await fetch(target, { method: "POST", headers, body: "{" });
  await at("refusals").waitFor();
  assert.equal(await at("last-refusal").innerText(), (await refused.json()).message);
  await at("port-otlp_http").getByText("1 refused").waitFor();
  await at("received-here").getByText("1 refused").waitFor();
  await at("port-otlp_grpc").getByText("0", { exact: true }).waitFor();
  await way("zipkin").click();
  await at("received-here").getByText("nothing came so far").waitFor();
  await keep("first-run-received-light");
  await fetch(target, { method: "POST", headers: { "content-type": `x/${"long".repeat(60)}` }, body: "{" });
  await at("last-refusal").getByText(/^415 unsupported media type 'x.(long){60}'/).waitFor();
  for (const width of [375, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= width, "nothing is wider than the page");
    await keep(`first-run-refused-${width}`);
    await checkAccessible();
  }
  // What the page says to type, with the time the shell fills in.
  const shown = await page.locator(".step").first().locator("code").innerText();
  const body = /-d '(.*)'$/s.exec(shown)[1].replaceAll("'$(date +%s)", String(Math.floor(Date.now() / 1000))).replaceAll("000'", "000").replaceAll("\"'", "\"").replaceAll("'\"", "\"");
  JSON.parse(body);
  const sent = await fetch(target, { method: "POST", headers, body });
  assert.equal(sent.status, 200);
  await page.waitForURL(/\/trace\/5b8efff798038103d269b633813fc60c$/);
  await page.getByText("first span").first().waitFor();
});

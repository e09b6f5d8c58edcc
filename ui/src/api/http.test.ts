// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { getJson, heedRefusal, whenTenantIsWanted } from "./http";

const kWanted = "no tenant: send the header X-Scope-OrgID";

function heard(): readonly string[] {
  const said: string[] = [];
  whenTenantIsWanted((words) => said.push(words));
  return said;
}

async function answered(status: number, text: string): Promise<readonly string[]> {
  const said = heard();
  const before = globalThis.fetch;
  globalThis.fetch = async () => new Response(text, { status });
  const answer = await getJson("/api/search");
  globalThis.fetch = before;
  deepEqual(answer, { ok: false, error: { status, message: text } });
  return said;
}

test("a server that wants to be told whose spans are meant is heard, in its own words", async () => {
  deepEqual(await answered(401, kWanted), [kWanted]);
});

test("any other refusal is a failure alone", async () => {
  deepEqual(await answered(401, "wrong credentials"), []);
  deepEqual(await answered(400, "X-Scope-OrgID: no name"), []);
});

test("what a worker was refused is heard too", () => {
  const said = heard();
  heedRefusal({ status: 401, message: kWanted });
  deepEqual(said, [kWanted]);
});

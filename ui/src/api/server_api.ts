// SPDX-License-Identifier: Apache-2.0
// What the server keeps and tells besides spans: searches with a name, and where it listens.
import { type Result, success } from "../base/result";
import type { ServerFacts } from "../model/server_facts";
import type { Order } from "../model/search_query";
import { getJson, send } from "./http";
import { listOf, numberOf, objectOf, textOf } from "./json";

export interface SavedSearch {
  readonly name: string;
  readonly query: string;
  readonly order: Order;
}

const kSearches = "/api/clew/v1/searches";

export async function readSearches(): Promise<Result<readonly SavedSearch[]>> {
  const answer = await getJson(kSearches);
  return answer.ok ? success(decodeSearches(answer.value)) : answer;
}

export function decodeSearches(json: unknown): readonly SavedSearch[] {
  return listOf(objectOf(json)["searches"]).map(objectOf).map(({ name, query, order }) => (
    { name: textOf(name), query: textOf(query), order: order === "newest" ? "newest" : "slowest" }
  ));
}

export function saveSearch({ name, query, order }: SavedSearch): Promise<Result<undefined>> {
  return send("PUT", `${kSearches}/${encodeURIComponent(name)}`, { query, order });
}

export function deleteSearch(name: string): Promise<Result<undefined>> {
  return send("DELETE", `${kSearches}/${encodeURIComponent(name)}`);
}

export async function readServerFacts(signal?: AbortSignal): Promise<Result<ServerFacts>> {
  const answer = await getJson("/api/clew/v1/server", signal);
  return answer.ok ? success(decodeServerFacts(answer.value)) : answer;
}

export function decodeServerFacts(json: unknown): ServerFacts {
  const body = objectOf(json);
  const received = objectOf(body["received"]);
  return {
    version: textOf(body["version"]),
    dataDirectory: textOf(body["dataDirectory"]),
    scheme: textOf(body["scheme"]) || "http",
    ports: listOf(body["ports"]).map(objectOf).map(({ protocol, port }) => ({ protocol: textOf(protocol), port: numberOf(port) })),
    requests: numberOf(received["requests"]),
    refusedRequests: numberOf(received["refusedRequests"]),
    spans: numberOf(received["spans"]),
    rejectedSpans: numberOf(received["rejectedSpans"]),
    lastRefusal: textOf(received["lastRefusal"]),
    receivers: listOf(received["receivers"]).map(objectOf).map(({ receiver, requests, refusedRequests, spans }) => (
      { receiver: textOf(receiver), requests: numberOf(requests), refusedRequests: numberOf(refusedRequests), spans: numberOf(spans) }
    )),
  };
}

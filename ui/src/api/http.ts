// SPDX-License-Identifier: Apache-2.0
// The one place that talks to the server.
import { failure, type Result, success } from "../base/result";

/** The response, or why there is none; the message of a failure is the server's own text where it gave one. */
async function request(path: string, accept: string, init: RequestInit): Promise<Result<Response>> {
  try {
    const response = await fetch(path, { ...init, headers: { accept } });
    if (response.ok) return success(response);
    const text = (await response.text()).trim();
    return failure(text || `the server answered ${response.status} ${response.statusText}`.trim(), response.status);
  } catch (error) {
    if (init.signal?.aborted) return failure("aborted");
    return failure(`the server did not answer: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** GETs JSON. */
export async function getJson(path: string, signal?: AbortSignal): Promise<Result<unknown>> {
  const response = await request(path, "application/json", { signal: signal ?? null });
  if (!response.ok) return response;
  try {
    return success((await response.value.json()) as unknown);
  } catch {
    return failure(signal?.aborted ? "aborted" : `the answer of ${path} is not JSON`, response.value.status);
  }
}

/** GETs or POSTs, and takes bytes. */
export async function getBytes(path: string, signal?: AbortSignal, method: "GET" | "POST" = "GET"): Promise<Result<ArrayBuffer>> {
  const response = await request(path, "application/octet-stream", { method, signal: signal ?? null });
  if (!response.ok) return response;
  try {
    return success(await response.value.arrayBuffer());
  } catch {
    return failure(signal?.aborted ? "aborted" : "the answer was broken off", response.value.status);
  }
}

/** PUTs or DELETEs; the answer has nothing to say when it went well. */
export async function send(method: "PUT" | "DELETE", path: string, body?: unknown): Promise<Result<undefined>> {
  try {
    const response = await fetch(path, { method, body: body === undefined ? null : JSON.stringify(body) });
    if (response.ok) return success(undefined);
    const text = await response.text();
    return failure(text.trim() || `the server answered ${response.status} ${response.statusText}`.trim(), response.status);
  } catch (error) {
    return failure(`the server did not answer: ${error instanceof Error ? error.message : String(error)}`);
  }
}

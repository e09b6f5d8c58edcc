// SPDX-License-Identifier: Apache-2.0
// The one place that talks to the server.
import { failure, type Result, success } from "../base/result";

/** GETs JSON. The message of a failure is the server's own text where it gave one. */
export async function getJson(path: string, signal?: AbortSignal): Promise<Result<unknown>> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, { headers: { accept: "application/json" }, signal: signal ?? null });
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) return failure("aborted");
    return failure(`the server did not answer: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!response.ok) {
    return failure(text.trim() || `the server answered ${response.status} ${response.statusText}`.trim(), response.status);
  }
  try {
    return success(JSON.parse(text) as unknown);
  } catch {
    return failure(`the answer of ${path} is not JSON`, response.status);
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

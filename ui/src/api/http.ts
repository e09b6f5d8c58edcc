// SPDX-License-Identifier: Apache-2.0
// The one place that talks to the server. While a file of spans is open, what is asked of spans is asked of it.
import { failure, type Result, success } from "../base/result";

/** Where a file is opened; the path of a question behind it asks that of the file. */
const kOpenPath = "/api/clew/v1/open";
const kAboutSpans = /^\/api\/(search|v2|metrics|traces|clew\/v1\/(explain|ledger|tags?|trace))\b/;
let asked: Blob | undefined;

/** From now on this file is asked; undefined: what is stored. */
export function askFile(file: Blob | undefined): void {
  asked = file;
}

/** For a worker, which has to be told. */
export function askedFile(): Blob | undefined {
  return asked;
}

/** What there is in a file of spans. */
export async function describeFile(file: Blob): Promise<Result<unknown>> {
  const response = await request(kOpenPath, "application/json", { method: "POST", body: file });
  return response.ok ? success((await response.value.json()) as unknown) : response;
}

/** The response, or why there is none; the message of a failure is the server's own text where it gave one. */
async function request(path: string, accept: string, init: RequestInit): Promise<Result<Response>> {
  const ofFile = asked !== undefined && kAboutSpans.test(path);
  const target = ofFile ? kOpenPath + path : path;
  const body = ofFile ? { method: "POST", body: asked as Blob } : {};
  try {
    const response = await fetch(target, { ...init, ...body, headers: { accept } });
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

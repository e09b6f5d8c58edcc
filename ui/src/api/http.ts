// SPDX-License-Identifier: Apache-2.0
// The one place that talks to the server. While a file of spans is open, what is asked of spans is asked of it; where
// tenants are told apart, or the server's own spans are looked at, each request says whose spans are meant.
import { type Failure, failure, type Result, success } from "../base/result";

/** Where a file is opened; the path of a question behind it asks that of the file. */
const kOpenPath = "/api/clew/v1/open";
const kAboutSpans = /^\/api\/(search|v2|metrics|traces|clew\/v1\/(explain|ledger|tags?|trace))\b/;
const kTenantHeader = "X-Scope-OrgID";

/** What is asked. */
export interface Asked {
  /** undefined: what is stored. */
  readonly file?: Blob | undefined;
  /** undefined: as the server finds it. */
  readonly tenant?: string | undefined;
}

let asked: Asked = {};
let onTenantWanted: (said: string) => void = () => undefined;

/** From now on; what is not named stays as it is. */
export function ask(changes: Asked): void {
  asked = { ...asked, ...changes };
}

/** For a worker, which has to be told. */
export function whatIsAsked(): Asked {
  return asked;
}

/** Called with the server's words when it will not answer before it is told whose spans are meant. */
export function whenTenantIsWanted(listener: (said: string) => void): void {
  onTenantWanted = listener;
}

/** Also of what a worker was told, which has no page to tell it to. */
export function heedRefusal({ status, message }: Failure): void {
  if (status === 401 && message.includes(kTenantHeader)) onTenantWanted(message);
}

/** What there is in a file of spans. */
export async function describeFile(file: Blob): Promise<Result<unknown>> {
  const response = await request(kOpenPath, "application/json", { method: "POST", body: file });
  return response.ok ? success((await response.value.json()) as unknown) : response;
}

/** The response, or why there is none; the message of a failure is the server's own text where it gave one. */
async function request(path: string, accept: string, init: RequestInit): Promise<Result<Response>> {
  const { file, tenant } = asked;
  const ofFile = file !== undefined && kAboutSpans.test(path);
  const target = ofFile ? kOpenPath + path : path;
  const body = ofFile ? { method: "POST", body: file } : {};
  const headers = { accept, ...(tenant === undefined ? {} : { [kTenantHeader]: tenant }) };
  try {
    const response = await fetch(target, { ...init, ...body, headers });
    if (response.ok) return success(response);
    const text = (await response.text()).trim();
    heedRefusal({ status: response.status, message: text });
    return failure(text || `the server answered ${response.status} ${response.statusText}`.trim(), response.status);
  } catch (error) {
    if (init.signal?.aborted) return failure("aborted");
    return failure(`the server did not answer: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** GETs what goes on until one of both ends it. */
export async function getStream(path: string, accept: string, signal: AbortSignal): Promise<Result<ReadableStream<Uint8Array>>> {
  const response = await request(path, accept, { signal });
  if (!response.ok) return response;
  return response.value.body ? success(response.value.body) : failure("the answer is empty", response.value.status);
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
  const response = await request(path, "application/json", { method, body: body === undefined ? null : JSON.stringify(body) });
  return response.ok ? success(undefined) : response;
}

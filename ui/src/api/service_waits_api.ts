// SPDX-License-Identifier: Apache-2.0
// Where the time of a service's calls goes, of the newest traces that have any.
import { type Result, success } from "../base/result";
import { type ServiceWaits, waitParts } from "../model/service_waits";
import { getJson } from "./http";
import { objectOf } from "./json";
import { decodeLedger } from "./ledger_json";
import { decodeFacts } from "./set_comparison_json";

const kTraces = "200";
/** As many as there are, so that few are summed up without a name. */
const kRows = "1000";
const kParts = 5;

/** `asked` has a query and a range. */
export async function readServiceWaits(service: string, asked: URLSearchParams, signal: AbortSignal): Promise<Result<ServiceWaits>> {
  const params = new URLSearchParams(asked);
  params.set("service", service);
  params.set("traces", kTraces);
  params.set("rows", kRows);
  const answer = await getJson(`/api/clew/v1/ledger?${params}`, signal);
  if (!answer.ok) return answer;
  const { traces: calls, mean, newestOnly } = decodeFacts(objectOf(objectOf(answer.value)["set"]));
  return success({ calls, mean, newestOnly, parts: waitParts(service, decodeLedger(answer.value), calls, kParts) });
}

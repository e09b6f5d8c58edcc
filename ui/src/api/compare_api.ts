// SPDX-License-Identifier: Apache-2.0
// The call of the Compare page.
import { type Result, success } from "../base/result";
import type { SetComparison } from "../model/set_comparison";
import { getJson } from "./http";
import { decodeSetComparison } from "./set_comparison_json";

export async function compareSets(params: URLSearchParams, signal: AbortSignal): Promise<Result<SetComparison>> {
  const answer = await getJson(`/api/clew/v1/ledger?${params}`, signal);
  return answer.ok ? success(decodeSetComparison(answer.value)) : answer;
}

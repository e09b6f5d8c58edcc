// SPDX-License-Identifier: Apache-2.0
// What of an answer the Compare page shows, as its address says it beside the question: which row of the growth
// table is chosen and whether all rows are there. pair_shown.ts has the same of two traces.
import { compareAddress, type CompareQuery } from "./compare_query";
import type { GrownPart, GrowthRow, GrowthTable } from "./set_comparison";

export const kAllRows = "all";
export const kChangesOnly = "only";

export const wantsAllRows = (params: URLSearchParams): boolean => params.get("rows") === kAllRows;
export const wantsChangesOnly = (params: URLSearchParams): boolean => params.get("changes") === kChangesOnly;

/** The address of another question that is asked from this page: how much is shown stays, for it is no matter of
 * one answer; what is chosen or folded is. */
export function nextAddress(query: CompareQuery, present: URLSearchParams): string {
  const address = compareAddress(query);
  if (query.kind === "pair") return wantsChangesOnly(present) ? `${address}&changes=${kChangesOnly}` : address;
  return wantsAllRows(present) ? `${address}&rows=${kAllRows}` : address;
}

/** The same question, be it of other times, with the chosen row. */
export function sameAddress(query: CompareQuery, present: URLSearchParams): string {
  const row = present.get("row");
  const address = nextAddress(query, present);
  return row === null ? address : `${address}&${new URLSearchParams({ row })}`;
}

const kRest = "~rest";

/** What the address calls a row: its label, with a number where an earlier part has the same. Where it stands may
 * be another place in the next answer. */
export function rowName(parts: readonly GrownPart[], { index, label }: GrowthRow): string {
  if (index < 0) return kRest;
  const copy = parts.slice(0, index).filter((part) => part.label === label).length;
  return copy === 0 ? label : `${label}~${copy}`;
}

/** -1: no row of the table has that name. */
export function placeOfRow(parts: readonly GrownPart[], { rows }: GrowthTable, name: string): number {
  return rows.findIndex((row) => rowName(parts, row) === name);
}

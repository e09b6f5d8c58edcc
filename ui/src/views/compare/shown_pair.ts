// SPDX-License-Identifier: Apache-2.0
// What is shown of two traces stands in the address, so that Back and a link bring it back.
import { useMemo } from "preact/hooks";
import { wantsChangesOnly } from "../../model/compare_shown";
import { foldedFromText, type PairShown, paramsFromShown, rowFromText, withFold, withRow } from "../../model/pair_shown";
import type { TracePair } from "../../model/trace_pair";
import { address, setParams } from "../router";

export interface ShownPair extends PairShown {
  /** The row comes in sight. */
  choose(row: number): void;
  fold(row: number, closed: boolean): void;
  turnChangesOnly(): void;
}

export function useShownPair(pair: TracePair): ShownPair {
  const { params } = address.value;
  const [span, fold] = [params.get("span") ?? "", params.get("fold") ?? ""];
  const changesOnly = wantsChangesOnly(params);
  const row = useMemo(() => rowFromText(span, pair), [pair, span]);
  const folded = useMemo(() => foldedFromText(fold, pair), [pair, fold]);
  const shown: PairShown = { row, changesOnly, folded };
  const show = (changes: Partial<PairShown>): void => setParams(paramsFromShown({ ...shown, ...changes }, pair));
  return {
    ...shown,
    choose: (next) => show(withRow(shown, next, pair)),
    fold: (which, closed) => show({ folded: withFold(folded, which, closed) }),
    turnChangesOnly: () => show({ changesOnly: !changesOnly }),
  };
}

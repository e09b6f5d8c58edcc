// SPDX-License-Identifier: Apache-2.0
// A set of traces with another: the question, the answer, and what to do where there is none.
import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { compareAddress, type SetQuery, setsParams, setsQuery, type SetsQuery, whyCommand } from "../../model/compare_query";
import { nextAddress } from "../../model/compare_shown";
import { comparisonMarkdown } from "../../model/comparison_text";
import { shortTraceId } from "../../model/trace";
import { isOnControl, useKeys } from "../../widgets/keyboard";
import { copyItem, type MenuItem } from "../../widgets/menu";
import { focusQuery } from "../query/query_line";
import { kShareHint } from "../query/share_button";
import { address, goTo } from "../router";
import { kScreensHint } from "../screens";
import { CompareFrame } from "./compare_frame";
import { moreAddress, SetsAnswer } from "./sets_answer";
import { SetsForm } from "./sets_form";
import { Instead } from "./sets_instead";
import { createSetsStore, shownComparison } from "./sets_state";

const kHints = [
  { keys: ["x"], action: "set or trace" },
  { keys: ["s"], action: "swap" },
  { keys: ["/"], action: "edit the set" },
  { keys: ["j", "k"], action: "row" },
  { keys: ["a"], action: "all rows" },
  { keys: ["m"], action: "read more traces" },
  { keys: ["Enter"], action: "example trace" },
  { keys: ["p"], action: "compare two examples" },
  { keys: ["r"], action: "compare again" },
  kShareHint,
  { keys: ["t"], action: "trace ID" },
  kScreensHint,
  { keys: ["?"], action: "close this" },
];

export function SetsView({ query }: { readonly query: SetsQuery }): VNode {
  const store = useMemo(createSetsStore, []);
  const asked = query.asked ? compareAddress(query) : "";
  const run = (): void => store.compare(query);
  useEffect(() => () => store.stop(), []);
  useEffect(run, [asked]);

  const ask = (set: SetQuery, rest: SetQuery): void => {
    const next = setsQuery(set, rest, query.traces);
    // The same question again is asked anew: the server may know more by now.
    if (compareAddress(next) === asked) run();
    else goTo(nextAddress(next, address.value.params));
  };
  const state = store.state.value;
  const comparison = shownComparison(state);
  const typical = comparison?.examples.set.typical[0];
  const usual = comparison?.examples.rest.typical[0];
  const more = comparison && moreAddress(comparison, query);
  useKeys({
    "/": focusQuery,
    r: run,
    m: () => (more ? goTo(more) : false),
    p: () => (typical && usual ? goTo(compareAddress({ kind: "pair", a: typical.traceId, b: usual.traceId })) : false),
    Enter: (event) => (typical && !isOnControl(event) ? goTo(`/trace/${shortTraceId(typical.traceId)}`) : false),
  });

  const copies: readonly MenuItem[] = comparison ? [
    copyItem("Markdown", () => comparisonMarkdown(comparison, query, location.href)),
    copyItem("Command", () => whyCommand(query, Date.now() / 1000)),
    copyItem("HTTP", () => `${location.origin}/api/clew/v1/ledger?${setsParams(query, Date.now() / 1000)}`),
  ] : [];
  const empty = comparison !== undefined && (comparison.set.traces === 0 || comparison.rest.traces === 0);
  return (
    <CompareFrame query={query} hints={kHints} copies={copies} busy={state.kind === "running"}>
      <SetsForm query={query} wrong={state.kind === "failed" ? state.wrong : {}} comparison={comparison} onAsk={ask} />
      {comparison && !empty
        ? <SetsAnswer comparison={comparison} query={query} />
        : <Instead state={state} query={query} onAsk={ask} />}
    </CompareFrame>
  );
}

// SPDX-License-Identifier: Apache-2.0
// A trace with a trace: both ids, what grew, and both as one tree.
import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { PairQuery } from "../../model/compare_query";
import { nextAddress } from "../../model/compare_shown";
import { pairMarkdown } from "../../model/comparison_text";
import type { TracePair } from "../../model/trace_pair";
import { useKeys } from "../../widgets/keyboard";
import { copyItem } from "../../widgets/menu";
import { kShareHint } from "../query/share_button";
import { address, goTo } from "../router";
import { kScreensHint } from "../screens";
import { CompareFrame } from "./compare_frame";
import { PairAnswer } from "./pair_answer";
import { PairCandidates } from "./pair_candidates";
import { PairForm } from "./pair_form";
import { createPairStore, type PairState, type Side } from "./pair_state";
import { PairTree } from "./pair_tree";
import { useShownPair } from "./shown_pair";

const kHints = [
  { keys: ["x"], action: "set or trace" },
  { keys: ["s"], action: "swap" },
  { keys: ["/"], action: "edit the IDs" },
  { keys: ["j", "k"], action: "row" },
  { keys: ["h", "l"], action: "fold" },
  { keys: ["c"], action: "changes alone" },
  { keys: ["Enter"], action: "open the span" },
  { keys: ["r"], action: "read again" },
  kShareHint,
  { keys: ["t"], action: "trace ID" },
  kScreensHint,
  { keys: ["?"], action: "close this" },
];

export function PairView({ query }: { readonly query: PairQuery }): VNode {
  const store = useMemo(createPairStore, []);
  useEffect(() => () => store.stop(), []);
  useEffect(() => store.show(query), [query.a, query.b]);
  useKeys({
    r: store.retry,
    "/": () => {
      const boxes = [...document.querySelectorAll<HTMLInputElement>("[data-testid=pair-form] input")];
      (boxes.find(({ value }) => value === "") ?? boxes[0])?.focus();
    },
  });
  const state = store.state.value;
  const pair = store.pair.value;
  const choose = (changes: Partial<PairQuery>): void => goTo(nextAddress({ ...query, ...changes }, address.value.params));
  const busy = state.a.kind === "loading" || state.b.kind === "loading";
  return (
    <CompareFrame query={query} hints={kHints} copies={pair ? [copyItem("Markdown", () => pairMarkdown(pair, shownVerdict(), location.href))] : []} busy={busy}>
      <PairForm query={query} state={state} onQuery={choose} />
      {pair
        ? <Compared key={`${query.a} ${query.b}`} pair={pair} ledgers={[ledgerOf(state.a), ledgerOf(state.b)]} />
        : <Instead state={state} query={query} onQuery={choose} />}
    </CompareFrame>
  );
}

function Compared({ pair, ledgers }: { readonly pair: TracePair; readonly ledgers: Parameters<typeof PairAnswer>[0]["ledgers"] }): VNode {
  const shown = useShownPair(pair);
  return (
    <>
      <PairAnswer pair={pair} ledgers={ledgers} onChoose={shown.choose} />
      <PairTree pair={pair} shown={shown} />
    </>
  );
}

/** As it stands on the page. */
function shownVerdict(): string {
  return document.querySelector("[data-testid=pair-verdict]")?.textContent ?? "";
}

function ledgerOf(side: Side): Parameters<typeof PairAnswer>[0]["ledgers"][0] {
  return side.kind === "loaded" ? side.ledger : undefined;
}

interface InsteadProps {
  readonly state: PairState;
  readonly query: PairQuery;
  readonly onQuery: (changes: Partial<PairQuery>) => void;
}

/** The sentence in place of the tree, and what to do next. */
function Instead({ state, query, onQuery }: InsteadProps): VNode | null {
  const { a, b } = state;
  for (const [name, id, side] of [["A", query.a, a], ["B", query.b, b]] as const) {
    if (side.kind === "absent") {
      return (
        <div class="message" role="status" data-testid="pair-absent">
          <h1>There is no trace {name}.</h1>
          <p><code>{id}</code> is not stored here, or its spans have not arrived yet. Press r to read it again, or paste another ID.</p>
        </div>
      );
    }
    if (side.kind === "failed") {
      return (
        <div class="message" role="alert" data-testid="pair-failed">
          <h1>Trace {name} could not be read.</h1>
          <p>{side.message}</p>
          <p>Press r to try again.</p>
        </div>
      );
    }
  }
  if (a.kind === "loading" || b.kind === "loading") return null;
  const known = a.kind === "loaded" ? a.trace : b.kind === "loaded" ? b.trace : undefined;
  const missing = a.kind === "none" ? "a" : "b";
  if (known) return <PairCandidates trace={known} onPick={(traceId) => onQuery({ [missing]: traceId })} />;
  return (
    <div class="message" data-testid="pair-ways">
      <h1>Which two traces?</h1>
      <p>
        Paste their IDs above; or tick two on <a href="/find">Find</a>, or choose Compare on the page of a trace.
      </p>
    </div>
  );
}

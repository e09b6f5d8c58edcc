// SPDX-License-Identifier: Apache-2.0
// The answer on top of the trace: one sentence in large type whose phrases select their spans, what is to be
// known of it, and the bar of the ledger. Without a ledger the sentence says which span owns most of the path.
import type { VNode } from "preact";
import { formatDuration, formatShare, formatWithUnit } from "../../base/format";
import { type Ledger, rowsOfRest, type VerdictPart } from "../../model/ledger";
import { LedgerBar } from "./ledger_bar";
import type { LedgerReader } from "./ledger_reader";
import { PhraseWords } from "./phrase_words";
import type { TraceStore } from "./trace_store";

export interface AnswerProps {
  readonly store: TraceStore;
  readonly ledger: LedgerReader;
}

export function Answer({ store, ledger }: AnswerProps): VNode {
  const answer = ledger.get("");
  const waits = answer === undefined;
  return (
    <section class={waits ? "answer is-waiting" : "answer"} aria-label="Verdict and ledger" aria-busy={waits}>
      {answer?.ok ? (
        <>
          <Verdict store={store} ledger={answer.value} />
          <LedgerBar store={store} ledger={answer.value} />
        </>
      ) : (
        <FactsSentence store={store} />
      )}
    </section>
  );
}

function FactsSentence({ store }: { readonly store: TraceStore }): VNode {
  const { trace } = store;
  const { length, longest, pathTime } = trace.data;
  return (
    <p class="verdict" data-testid="facts-sentence">
      <strong>{formatDuration(length)}.</strong>{" "}
      <SpanLink store={store} row={longest} of={trace.colorClass(longest)}>
        <strong>{formatShare(pathTime[longest]!, length)}</strong> in {trace.label(longest)}, {formatWithUnit(trace.unit, pathTime[longest]!)}
      </SpanLink>
      .
    </p>
  );
}

function Verdict({ store, ledger }: { readonly store: TraceStore; readonly ledger: Ledger }): VNode {
  return (
    <>
      <p class="verdict" data-testid="verdict">
        {ledger.verdict.map((part, index) => (
          <Phrase key={index} part={part} store={store} ledger={ledger} />
        ))}
      </p>
      {ledger.notes.length > 0 && (
        <p class="reason">
          {ledger.notes.map((note) => (
            <span key={note}>{note}</span>
          ))}
        </p>
      )}
    </>
  );
}

/** The spans that a phrase is about, the largest first: those of its row; of the rest those of all other rows. */
function spansOfPhrase(ledger: Ledger, { spanId, row, kind }: VerdictPart): readonly string[] {
  if (spanId) return [spanId];
  if (kind === "rest") return rowsOfRest(ledger).flatMap(({ spans }) => spans);
  return row === undefined ? [] : (ledger.rows[row]?.spans ?? []);
}

function Phrase({ part, store, ledger }: { readonly part: VerdictPart; readonly store: TraceStore; readonly ledger: Ledger }): VNode {
  const { text, kind, row } = part;
  if (kind === "total") return <strong>{text}</strong>;
  const ids = spansOfPhrase(ledger, part);
  const at = ids[0] ? store.trace.find(ids[0]) : -1;
  if (at < 0) return <span class={kind === "plain" && text.includes("(") ? "aside" : undefined}>{text}</span>;
  const owner = row === undefined ? undefined : ledger.rows[row];
  return (
    <SpanLink store={store} row={at} of={owner ? store.trace.classOfService(owner.service) : kind === "error" ? "bad" : ""} ids={ids}>
      <PhraseWords text={text} />
    </SpanLink>
  );
}

interface SpanLinkProps {
  readonly store: TraceStore;
  readonly row: number;
  readonly of: string;
  /** It is current with any of them selected. */
  readonly ids?: readonly string[] | undefined;
  readonly children: unknown;
}

function SpanLink({ store, row, of, ids, children }: SpanLinkProps): VNode {
  const now = store.span.value;
  const current = now === row || (ids?.includes(store.trace.spanId(now)) ?? false);
  const select = (event: Event): void => {
    event.preventDefault();
    store.select(row, "push");
  };
  return (
    <a href={`?span=${store.trace.keyOf(row)}`} class={of || undefined} aria-current={current ? "true" : undefined} onClick={select}>
      {children as string}
    </a>
  );
}

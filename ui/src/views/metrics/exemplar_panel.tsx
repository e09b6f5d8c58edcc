// SPDX-License-Identifier: Apache-2.0
// The trace of an exemplar beside the chart: what it is, what the chart says of it, and where its time went.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { formatClock, formatCount, formatDay, formatDuration, formatWithUnit, kThinSpace, plural } from "../../base/format";
import { type Ledger, type LedgerPart, ledgerParts, type LedgerRow, shareText, type VerdictKind } from "../../model/ledger";
import type { ShownTrace } from "../../model/shown_trace";
import { LedgerStrip } from "../../widgets/ledger_strip";
import { StripColors } from "../find/ledger_cells";
import { LedgerChip } from "../trace/ledger_bar";
import { LedgerReader } from "../trace/ledger_reader";
import { loadTrace } from "../trace/load_trace";
import { PhraseWords } from "../trace/phrase_words";

type Shown =
  | { readonly kind: "reading" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "read"; readonly trace: ShownTrace };

/** What the chart says of it, in words. */
export interface ShownExemplar {
  /** "exemplar of payment". */
  readonly of: string;
  readonly value: string;
}

export interface ExemplarPanelProps {
  readonly traceId: string;
  /** Undefined where the chart does not have it. */
  readonly exemplar: ShownExemplar | undefined;
  readonly onClose: () => void;
}

const kParts = 6;

export function ExemplarPanel({ traceId, exemplar, onClose }: ExemplarPanelProps): VNode {
  const shown = useSignal<Shown>({ kind: "reading" });
  const ledger = useMemo(() => new LedgerReader(traceId), [traceId]);
  useEffect(() => ledger.want(""), [ledger]);
  useEffect(() => {
    const stop = new AbortController();
    shown.value = { kind: "reading" };
    void loadTrace(traceId, stop.signal).then((answer) => {
      if (stop.signal.aborted) return;
      if (answer.ok) shown.value = { kind: "read", trace: answer.value };
      else shown.value = { kind: "failed", message: answer.error.status === 404 ? "There is no trace with this ID." : answer.error.message };
    });
    return () => stop.abort();
  }, [traceId]);
  const { value } = shown;
  return (
    <aside class="panel" aria-label="Exemplar" aria-busy={value.kind === "reading"} data-testid="exemplar-panel">
      <div class="panel-head">
        <h2>{value.kind === "read" ? value.trace.name(value.trace.data.root) : "Trace"}</h2>
        <button class="button small" type="button" onClick={onClose}>
          Close <kbd>esc</kbd>
        </button>
      </div>
      {value.kind === "read" && <Facts trace={value.trace} exemplar={exemplar} ledger={ledger} />}
      {value.kind === "reading" && <p class="panel-sub" role="status">Reading the trace</p>}
      {value.kind === "failed" && <p class="panel-sub" role="alert">{value.message}</p>}
      <p class="panel-open">
        <a class="button line" href={`/trace/${traceId}`} data-testid="open-trace">
          Open trace <kbd>Enter</kbd>
        </a>
      </p>
    </aside>
  );
}

interface FactsProps {
  readonly trace: ShownTrace;
  readonly exemplar: ShownExemplar | undefined;
  readonly ledger: LedgerReader;
}

function Facts({ trace, exemplar, ledger }: FactsProps): VNode {
  const { root } = trace.data;
  const answer = ledger.get("");
  const [start, day] = [trace.timeOf(0), formatDay(trace.timeOf(0), new Date())];
  const known = [formatClock(start), day === "today" ? "" : day, exemplar?.of, exemplar?.value];
  return (
    <>
      <p class="panel-sub">
        <span class={`chip ${trace.colorClass(root)}`} />
        {trace.service(root)}
        <span class="muted" data-testid="exemplar-value">
          {known.filter(Boolean).join(", ")}
        </span>
      </p>
      {answer?.ok && <Answer trace={trace} ledger={answer.value} />}
      {answer && !answer.ok && <WithoutLedger trace={trace} />}
    </>
  );
}

/** What is known without a ledger. */
function WithoutLedger({ trace }: { readonly trace: ShownTrace }): VNode {
  const { length, serviceCount, errorCount } = trace.data;
  return (
    <p class="panel-answer">
      <strong>{formatDuration(length)}</strong>, {formatCount(trace.count)} {plural(trace.count, "span")} of{" "}
      {formatCount(serviceCount)} {plural(serviceCount, "service")}
      {errorCount > 0 && <span class="err">, ! {formatCount(errorCount)} {plural(errorCount, "error")}</span>}
    </p>
  );
}

/** The verdict, the ledger as one bar and the same as a table, as the trace's own page has them. */
function Answer({ trace, ledger }: { readonly trace: ShownTrace; readonly ledger: Ledger }): VNode {
  const parts = ledgerParts(ledger, kParts);
  const colorOf = ({ row }: LedgerPart): string => (row ? trace.classOfService(row.service) : "");
  // A callee is plain here, as in the bar of its page: its name is in the table.
  const categoryOf = ({ category }: LedgerRow): string => (category === "callee" ? "self" : category);
  const bar = parts.flatMap((part) => (part.row ? [{ class: colorOf(part), share: part.width, category: categoryOf(part.row) }] : []));
  return (
    <>
      <p class="panel-answer" data-testid="panel-verdict">
        {ledger.verdict.map(({ text, kind }, index) => (
          <Phrase key={index} text={text} kind={kind} />
        ))}
      </p>
      <StripColors />
      <LedgerStrip parts={bar} height={16} label={parts.map(({ label, share }) => `${label} ${shareText(share)}`).join(", ")} />
      <table class="parts" data-testid="panel-ledger">
        <tbody>
          {parts.map((part) => (
            <tr key={part.label}>
              <td title={part.label}>
                <LedgerChip row={part.row} of={colorOf(part)} /> {part.label}
              </td>
              <td class="num">{formatWithUnit(trace.unit, part.nanos)}</td>
              <td class="num strong">{shareText(part.share)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td>Sum</td>
            <td class="num">{formatWithUnit(trace.unit, ledger.durationNanos)}</td>
            <td class="num">100{kThinSpace}%</td>
          </tr>
        </tfoot>
      </table>
    </>
  );
}

function Phrase({ text, kind }: { readonly text: string; readonly kind: VerdictKind }): VNode {
  if (kind === "total") return <strong>{text}</strong>;
  if (kind === "plain" && text.includes("(")) return <span class="muted">{text}</span>;
  return <PhraseWords text={text} />;
}

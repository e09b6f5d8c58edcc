// SPDX-License-Identifier: Apache-2.0
// One row for each trace, in the order of the server, and under it the spans that match. Bars share one
// scale: the longest trace of the page.
import type { VNode } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { formatClock, formatCount, formatDay, formatWholeMillis } from "../../base/format";
import { nanosOf } from "../../base/time";
import { columnsOf, matchedOf, traceValue } from "../../model/result_columns";
import { colorClass, hashedColor } from "../../model/service_color";
import type { Ledger } from "../../model/ledger";
import type { Order } from "../../model/search_query";
import { shortTraceId, type TraceSummary } from "../../model/trace";
import { TwistIcon } from "../../widgets/icons";
import { goTo } from "../router";
import { LargestPart, StripColors, TraceStrip } from "./ledger_cells";
import { DurationCell, MatchedSpans } from "./matched_spans";

export interface ResultsTableProps {
  readonly traces: readonly TraceSummary[];
  readonly cursor: number;
  /** Ids of the traces whose spans are shown. */
  readonly open: ReadonlySet<string>;
  readonly onToggle: (traceId: string) => void;
  /** Ids of the traces to compare, two at most. */
  readonly ticked: readonly string[];
  readonly onTick: (traceId: string) => void;
  /** undefined for that of the query. */
  readonly order: Order | undefined;
  /** By trace id, those that are known. */
  readonly ledgers: ReadonlyMap<string, Ledger>;
  /** The fields that the reader chose. */
  readonly chosen: readonly string[];
}

export function ResultsTable({ traces, cursor, open, onToggle, ticked, onTick, order, ledgers, chosen }: ResultsTableProps): VNode {
  const longest = traces.reduce((most, { duration }) => Math.max(most, nanosOf(duration)), 0);
  const columns = useMemo(() => columnsOf(traces, chosen), [traces, chosen]);
  // Of whole traces it would be the number of their spans once more.
  const counted = traces.some((trace) => matchedOf(trace) !== trace.spanCount);
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => body.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" }), [cursor]);
  return (
    <>
      <StripColors />
      <table class={`rtable hide-phone more-${columns.length}`}>
        <Columns columns={columns} counted={counted} order={order} />
        <tbody ref={body}>
          {traces.map((trace, index) => (
            <ResultRows key={trace.traceId} trace={trace} longest={longest} columns={columns}
              counted={counted} ledger={ledgers.get(trace.traceId)} current={index === cursor} open={open.has(trace.traceId)} onToggle={() => onToggle(trace.traceId)}
              ticked={ticked.includes(trace.traceId)} onTick={() => onTick(trace.traceId)} />
          ))}
        </tbody>
      </table>
    </>
  );
}

interface ColumnsProps {
  readonly columns: readonly string[];
  /** Whether it is told how many spans of a trace match. */
  readonly counted: boolean;
  readonly order: Order | undefined;
}

function Columns({ columns, counted, order }: ColumnsProps): VNode {
  return (
    <>
      <colgroup>
        <col class="c-time" />
        <col class="c-op" />
        <col class="c-dur" />
        <col class="c-led" />
        <col class="c-top" />
        {columns.map((key) => (
          <col key={key} class="c-attr" />
        ))}
        {counted && <col class="c-n" />}
        <col class="c-n" />
        <col class="c-e" />
        <col class="c-id" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col" aria-sort={order === "newest" ? "descending" : undefined}>Start{order === "newest" && ", newest first"}</th>
          <th scope="col">Service, operation</th>
          <th scope="col" aria-sort={order === "slowest" ? "descending" : undefined}>Duration{order === "slowest" && ", slowest first"}</th>
          <th scope="col">Where the time went</th>
          <th scope="col">Largest part</th>
          {columns.map((key) => (
            <th key={key} scope="col" title={key} data-testid="attribute-column">{key}</th>
          ))}
          {counted && <th scope="col" class="num">Matched</th>}
          <th scope="col" class="num">Spans</th>
          <th scope="col" class="num">Errors</th>
          <th scope="col">Trace</th>
        </tr>
      </thead>
    </>
  );
}

interface ResultRowsProps {
  readonly trace: TraceSummary;
  readonly longest: number;
  readonly columns: readonly string[];
  readonly counted: boolean;
  readonly ledger: Ledger | undefined;
  readonly current: boolean;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly ticked: boolean;
  readonly onTick: () => void;
}

function ResultRows(props: ResultRowsProps): VNode {
  const { trace, longest, columns, counted, open } = props;
  return (
    <>
      <ResultRow {...props} />
      {open && <MatchedSpans trace={trace} longest={longest} columns={columns} counted={counted} />}
    </>
  );
}

function ResultRow({ trace, longest, columns, counted, ledger, current, open, onToggle, ticked, onTick }: ResultRowsProps): VNode {
  const href = `/trace/${shortTraceId(trace.traceId)}`;
  const follow = (event: MouseEvent): void => {
    if (event.target instanceof Element && !event.target.closest("a, button, label")) goTo(href);
  };
  const day = formatDay(trace.start, new Date());
  return (
    <tr data-testid="result-row" data-trace-id={trace.traceId} class={open ? "is-open" : undefined}
      aria-current={current ? "true" : undefined} onClick={follow}>
      <td title={`${formatClock(trace.start)}, ${day}`}>
        {day !== "today" && <span class="muted">{day.slice(5)} </span>}
        {formatClock(trace.start)}
      </td>
      <td>
        <span class="opcell">
          <button class="tw" type="button" aria-expanded={open} onClick={onToggle} data-testid="spans-toggle"
            aria-label={`Matching spans of ${trace.service} ${trace.name}`}>
            <TwistIcon open={open} />
          </button>
          <a class="opcell" href={href}>
            <span class={`chip ${colorClass(hashedColor(trace.service))}`} />
            <span class="svc">{trace.service}</span>
            <span class="op" title={trace.name}>
              {trace.name}
            </span>
          </a>
        </span>
      </td>
      <td>
        <DurationCell text={formatWholeMillis(nanosOf(trace.duration))} from={0} length={nanosOf(trace.duration)} longest={longest} />
      </td>
      <td><TraceStrip ledger={ledger} /></td>
      <td class="soft"><LargestPart ledger={ledger} /></td>
      {columns.map((key) => (
        <ValueCell key={key} trace={trace} name={key} />
      ))}
      {counted && <td class="num">{formatCount(matchedOf(trace))}</td>}
      <td class="num">{formatCount(trace.spanCount)}</td>
      <td class="num">
        {trace.errorCount > 0 ? <span class="err">! {formatCount(trace.errorCount)}</span> : <span class="muted">0</span>}
      </td>
      <td class="mono muted" title={shortTraceId(trace.traceId)}>
        <label class="tick">
          {shortTraceId(trace.traceId).slice(0, 8)}
          <input type="checkbox" checked={ticked} aria-label={`Compare ${shortTraceId(trace.traceId)}`} data-testid="tick" onChange={onTick} />
        </label>
      </td>
    </tr>
  );
}

function ValueCell({ trace, name }: { readonly trace: TraceSummary; readonly name: string }): VNode {
  const value = traceValue(trace, name);
  return (
    <td title={value?.text}>
      {value && <span class="mono">{value.text}</span>}
      {value && value.others > 0 && <span class="muted"> +{value.others}</span>}
    </td>
  );
}

// SPDX-License-Identifier: Apache-2.0
// What one set spends more than the other: the sentence, both ledgers as bars, what grew, what the set's traces
// have in common, and traces to look at.
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { formatCount, formatDuration, formatShare, plural } from "../../base/format";
import { growthText } from "../../model/comparison_text";
import { kMostTraces, type SetsQuery } from "../../model/compare_query";
import { kAllRows, nextAddress, placeOfRow, rowName, wantsAllRows } from "../../model/compare_shown";
import type { VerdictPart } from "../../model/ledger";
import { assignColors, colorClass, type ColorOf } from "../../model/service_color";
import { type GrownPart, type GrowthTable as Growth, growthTable, type SetComparison } from "../../model/set_comparison";
import { useKeys } from "../../widgets/keyboard";
import { address, setParams } from "../router";
import { AttributeTable } from "./attribute_table";
import { DurationSection } from "./duration_section";
import { GrowthTable } from "./growth_table";
import { PairedBars } from "./paired_bars";
import { PhraseLink } from "./phrase_link";

export interface SetsAnswerProps {
  readonly comparison: SetComparison;
  readonly query: SetsQuery;
}

const kRows = 7;

export function SetsAnswer({ comparison, query }: SetsAnswerProps): VNode {
  const { parts } = comparison;
  const { params } = address.value;
  const allRows = wantsAllRows(params);
  const colorOf = useMemo(() => colorsOf(parts), [parts]);
  const table = useMemo(() => growthTable(parts, allRows ? parts.length : kRows), [parts, allRows]);
  const place = placeOfRow(parts, table, params.get("row") ?? "");
  const chooseAt = (at: number): void => {
    const row = table.rows[at];
    setParams({ row: row && rowName(parts, row) });
  };
  const choose = (index: number): void => {
    const at = table.rows.findIndex((each) => each.index === index);
    chooseAt(at);
    // Also where it is chosen already, but out of sight.
    document.querySelectorAll("[data-testid=growth-row]")[at]?.scrollIntoView({ block: "nearest" });
  };
  const turnAllRows = (): void => setParams({ rows: allRows ? undefined : kAllRows });
  const move = (step: number): void => chooseAt(Math.max(0, Math.min(table.rows.length - 1, place + step)));
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    a: turnAllRows,
  });
  return (
    <>
      <p class="verdict section" data-testid="verdict">
        {comparison.verdict.map((part, at) => <Phrase key={at} part={part} parts={parts} colorOf={colorOf} onChoose={choose} />)}
      </p>
      <Reasons comparison={comparison} query={query} />
      {parts.length > 0 && (
        <>
          <PairedBars names={["Set", "Rest"]} amounts={[formatDuration(table.now), formatDuration(table.usual)]} parts={barParts(table, colorOf)} />
          <GrowthTable comparison={comparison} table={table} colorOf={colorOf} place={place} allRows={allRows} most={kRows} onChoose={chooseAt} onAllRows={turnAllRows} />
        </>
      )}
      <Changes comparison={comparison} />
      <div class="two section">
        <AttributeTable comparison={comparison} set={query.set} />
        <DurationSection comparison={comparison} />
      </div>
    </>
  );
}

function colorsOf(parts: readonly GrownPart[]): ColorOf {
  const sums = new Map<string, number>();
  for (const { service, now, usual } of parts) sums.set(service, (sums.get(service) ?? 0) + Math.max(now, usual));
  const colors = assignColors(sums);
  return (service) => colorClass(colors.get(service) ?? Infinity);
}

/** The bars show the rows of the table, the largest of the set first and the rest last. */
function barParts({ rows }: Growth, colorOf: ColorOf): Parameters<typeof PairedBars>[0]["parts"] {
  return [...rows].sort((x, y) => Number(!x.part) - Number(!y.part) || y.now - x.now || y.usual - x.usual).map(({ part, label, now, usual }) => (
    { label, color: part ? colorOf(part.service) : "", category: part?.category, first: now, second: usual }
  ));
}

interface PhraseProps {
  readonly part: VerdictPart;
  readonly parts: readonly GrownPart[];
  readonly colorOf: ColorOf;
  readonly onChoose: (index: number) => void;
}

function Phrase({ part: { text, kind, row }, parts, colorOf, onChoose }: PhraseProps): VNode {
  if (kind === "total") return <strong>{text}</strong>;
  const grown = kind === "row" && row !== undefined ? parts[row] : undefined;
  if (kind !== "rest" && !grown) return <span class={/^ (on the average )?\(normally/.test(text) ? "aside" : undefined}>{text}</span>;
  const [, share, rest] = /^(\d+\s%)?([^]*)$/.exec(text) ?? [];
  return (
    <PhraseLink color={grown ? colorOf(grown.service) : ""} onChoose={() => onChoose(grown && row !== undefined ? row : -1)}>
      {share && <strong>{share}</strong>}
      {rest}
    </PhraseLink>
  );
}

const kMoreTimes = 4;
const moreTraces = ({ traces }: SetsQuery): number => Math.min(kMostTraces, kMoreTimes * traces);

/** The same question with more traces, where there are more and they can be read. */
export function moreAddress({ set, rest }: SetComparison, query: SetsQuery): string | undefined {
  if (query.traces >= kMostTraces || !(set.newestOnly || rest.newestOnly)) return undefined;
  return nextAddress({ ...query, traces: moreTraces(query) }, address.value.params);
}

/** What a reader should know before believing the sentence. */
function Reasons({ comparison, query }: { readonly comparison: SetComparison; readonly query: SetsQuery }): VNode {
  const { set, rest, compared, leftOut, attributes, nothingStandsOut, mix, detached } = comparison;
  const first = attributes[0];
  const more = moreAddress(comparison, query);
  const said = [
    compared < set.traces
      ? `${formatCount(compared)} of ${formatCount(set.traces)} traces are of a kind that the rest has too: the same root and the same calls.`
      : `Means of ${formatCount(set.traces)} and ${formatCount(rest.traces)} ${plural(rest.traces, "trace")} with the same root and the same calls.`,
    leftOut > 0 && `${formatCount(leftOut)} traces of the rest were left out: they are from times that were slow themselves.`,
    first && `${formatShare(first.set.with, first.set.traces)} of the set ${first.value === undefined ? "has no" : "has"} ${first.key}${first.value === undefined ? "" : ` ${first.value}`}, ${formatShare(first.rest.with, first.rest.traces)} of the rest.`,
    nothingStandsOut && compared > 0 && "Try a narrower set, or a longer time for the rest.",
    Math.abs(mix) >= 0.02 * Math.max(1, rest.mean) && !detached && `Other kinds of requests make ${growthText(mix)} of the difference of the means.`,
    set.newestOnly && `The set has more than its newest ${formatCount(query.traces)} traces.`,
    rest.newestOnly && `The rest has more than the newest ${formatCount(query.traces)} traces.`,
    ...comparison.notes,
  ].filter((text): text is string => typeof text === "string");
  return (
    <p class="reason" data-testid="compare-reasons">
      {said.map((text) => <span key={text}>{text}</span>)}
      {more && <a class="ex" href={more} data-testid="read-more">Read {formatCount(moreTraces(query))} of each <kbd>m</kbd></a>}
    </p>
  );
}

/** Calls that are gone, and errors that are new. */
function Changes({ comparison: { visits } }: { readonly comparison: SetComparison }): VNode | null {
  if (visits.length === 0) return null;
  const share = (part: number): string => formatShare(part, 1);
  return (
    <section class="section" data-testid="changed-visits">
      <header class="h"><h2>What happens otherwise</h2></header>
      <ul class="changes">
        {visits.map((each) => (
          <li key={each.kind + each.where + each.what}>
            {each.kind === "errors"
              ? <><span class="bang" aria-hidden="true">!</span> Errors begin in <b>{each.where}</b> in {share(each.share)} of {formatCount(each.visits)} visits <span class="muted">(normally {share(each.usualShare)})</span></>
              : <><b>{each.where}</b> goes without <b>{each.what}</b> in {share(1 - each.share)} of {formatCount(each.visits)} visits <span class="muted">(normally {share(1 - each.usualShare)})</span></>}
          </li>
        ))}
      </ul>
    </section>
  );
}

// SPDX-License-Identifier: Apache-2.0
// What grew from B to A: a sentence whose amounts add up to the difference, and both ledgers as bars.
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { formatWithUnit, type Unit, unitForTrace } from "../../base/format";
import { growthText } from "../../model/comparison_text";
import type { Ledger } from "../../model/ledger";
import { type GrowthPhrase, growthPhrases, type PairedPart, pairedParts, shownParts } from "../../model/ledger_pair";
import type { TracePair } from "../../model/trace_pair";
import { PairedBars } from "./paired_bars";
import { PhraseLink } from "./phrase_link";

export interface PairAnswerProps {
  readonly pair: TracePair;
  readonly ledgers: readonly [a: Ledger | undefined, b: Ledger | undefined];
  /** A row of the tree. */
  readonly onChoose: (row: number) => void;
}

const kParts = 6;

export function PairAnswer({ pair, ledgers: [a, b], onChoose }: PairAnswerProps): VNode {
  if (!a || !b) {
    const [nanosA, nanosB] = [pair.a.data.length, pair.b.data.length];
    return (
      <section class="pair-answer is-waiting" aria-label="What grew">
        <p class="verdict section" data-testid="pair-verdict"><strong>{growthText(nanosA - nanosB)}.</strong></p>
      </section>
    );
  }
  return <Answer pair={pair} a={a} b={b} onChoose={onChoose} />;
}

interface AnswerProps {
  readonly pair: TracePair;
  readonly a: Ledger;
  readonly b: Ledger;
  readonly onChoose: (row: number) => void;
}

function Answer({ pair, a, b, onChoose }: AnswerProps): VNode {
  const parts = useMemo(() => pairedParts(a, b), [a, b]);
  const difference = a.durationNanos - b.durationNanos;
  const phrases = growthPhrases(parts, difference);
  const unit = unitForTrace(Math.max(a.durationNanos, b.durationNanos));
  const colorOf = ({ service, category }: PairedPart): string => (category === undefined ? "" : pair.classOf(service));
  const shown = shownParts(parts, a, b, kParts).map((part) => ({ label: part.label, color: colorOf(part), category: part.category, first: part.a, second: part.b }));
  return (
    <section class="pair-answer" aria-label="What grew">
      <p class="verdict section" data-testid="pair-verdict">
        <strong>{difference === 0 ? "No difference" : growthText(difference)}.</strong>{" "}
        {phrases.map((phrase, at) => (
          <Phrase key={at} phrase={phrase} unit={unit} first={at === 0} last={at === phrases.length - 1} pair={pair} onChoose={onChoose} />
        ))}
      </p>
      <PairedBars names={["A", "B"]} amounts={[formatWithUnit(unit, a.durationNanos), formatWithUnit(unit, b.durationNanos)]} parts={shown} />
    </section>
  );
}

interface PhraseProps {
  readonly phrase: GrowthPhrase;
  readonly unit: Unit;
  readonly first: boolean;
  readonly last: boolean;
  readonly pair: TracePair;
  readonly onChoose: (row: number) => void;
}

function Phrase({ phrase: { part, nanos, largest }, unit, first, last, pair, onChoose }: PhraseProps): VNode {
  const verb = nanos < 0 ? "shrank by" : first ? "grew by" : part ? "by" : "grew by";
  const said = <>{part ? part.label : first ? "All of it" : "the rest"} {verb} <strong>{formatWithUnit(unit, Math.abs(nanos))}</strong></>;
  const row = largest ? pair.find(largest.spanOfA, largest.spanOfB) : -1;
  const end = last ? "." : "; ";
  if (row < 0) return <><span class="aside">{said}</span>{end}</>;
  return (
    <>
      <PhraseLink color={part ? pair.classOf(part.service) : ""} onChoose={() => onChoose(row)}>{said}</PhraseLink>
      {end}
    </>
  );
}

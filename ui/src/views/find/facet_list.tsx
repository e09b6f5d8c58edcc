// SPDX-License-Identifier: Apache-2.0
// Values beside the results: how many of the matching traces have each, and how long those took.
import type { ComponentChildren, VNode } from "preact";
import { formatCount, formatDuration, middleEllipsis } from "../../base/format";
import { kSecond } from "../../base/time";
import type { Facet, FacetValue, OwnFacet } from "../../model/facets";
import { colorClass, hashedColor } from "../../model/service_color";
import type { Matcher } from "../../model/traceql_filter";

export interface FacetListProps {
  readonly facets: readonly Facet[];
  /** Those that the reader added, and takes away again. */
  readonly own: readonly OwnFacet[];
  readonly isOn: (matcher: Matcher) => boolean;
  readonly onToggle: (matcher: Matcher) => void;
  readonly onRemove: (field: string) => void;
  /** Where one is added. */
  readonly children: ComponentChildren;
}

const kTracesTitle = "Traces with a matching span that has the value";
const kP95Title = "How long 95 % of these traces took at most";

export function FacetList({ facets, own, isOn, onToggle, onRemove, children }: FacetListProps): VNode {
  const section = ({ field, title, values }: Facet | OwnFacet, onRemoved?: () => void): VNode => (
    <section key={field} aria-label={title} data-testid="facet" data-field={field}>
      <Head field={field} title={title} onRemove={onRemoved} />
      {values?.map((value) => (
        <Value key={value.text} field={field} value={value} on={isOn(value.matcher)} onToggle={() => onToggle(value.matcher)} />
      ))}
      {values?.length === 0 && <p class="muted" data-testid="facet-empty">No values to filter by.</p>}
    </section>
  );
  return (
    <aside class="facets hide-phone" aria-label="Facets">
      {children}
      {own.map((facet) => section(facet, () => onRemove(facet.field)))}
      {facets.map((facet) => section(facet))}
    </aside>
  );
}

interface HeadProps {
  readonly field: string;
  readonly title: string;
  readonly onRemove: (() => void) | undefined;
}

function Head({ field, title, onRemove }: HeadProps): VNode {
  return (
    <h2>
      <span class="of">
        <span class="t" title={field}>{title}</span>
        {onRemove && <button class="x" type="button" aria-label={`Remove facet ${title}`} data-testid="remove-facet" onClick={onRemove}>×</button>}
      </span>
      <span class="num" title={kTracesTitle}>traces</span>
      <span class="num" title={kP95Title}>p95</span>
    </h2>
  );
}

/** About as many as there is room for: both ends of a route tell more than its beginning. */
const kMaxLetters = 16;

interface ValueProps {
  readonly field: string;
  readonly value: FacetValue;
  readonly on: boolean;
  readonly onToggle: () => void;
}

function Value({ field, value: { text, traces, p95 }, on, onToggle }: ValueProps): VNode {
  return (
    <button class="value" type="button" aria-pressed={on} title={text} data-testid="facet-value" onClick={onToggle}>
      <span class="v">
        {field === "resource.service.name" && <span class={`chip ${colorClass(hashedColor(text))}`} />}
        {field === "status" && text === "error" && <span class="bang" aria-hidden="true">!</span>}
        <span>{middleEllipsis(text, kMaxLetters) || "(empty)"}</span>
      </span>
      <span class="num">{formatCount(traces)}</span>
      <span class="num">{formatDuration(p95 * kSecond)}</span>
    </button>
  );
}

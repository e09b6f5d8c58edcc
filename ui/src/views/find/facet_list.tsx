// SPDX-License-Identifier: Apache-2.0
// Values beside the results: how many of the matching traces have each, and how long those took.
import type { VNode } from "preact";
import { formatCount, formatDuration, middleEllipsis } from "../../base/format";
import { kSecond } from "../../base/time";
import type { Facet, FacetValue } from "../../model/facets";
import { colorClass, hashedColor } from "../../model/service_color";
import type { Matcher } from "../../model/traceql_filter";

export interface FacetListProps {
  readonly facets: readonly Facet[];
  readonly isOn: (matcher: Matcher) => boolean;
  readonly onToggle: (matcher: Matcher) => void;
}

const kTracesTitle = "Traces with a matching span that has the value";
const kP95Title = "How long 95 % of these traces took at most";

export function FacetList({ facets, isOn, onToggle }: FacetListProps): VNode {
  return (
    <aside class="facets hide-phone" aria-label="Facets">
      {facets.map(({ field, title, values }) => (
        <section key={field} aria-label={title} data-testid="facet" data-field={field}>
          <h2>
            <span title={field}>{title}</span>
            <span class="num" title={kTracesTitle}>traces</span>
            <span class="num" title={kP95Title}>p95</span>
          </h2>
          {values.map((value) => (
            <Value key={value.text} field={field} value={value} on={isOn(value.matcher)} onToggle={() => onToggle(value.matcher)} />
          ))}
        </section>
      ))}
    </aside>
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
    <button type="button" aria-pressed={on} title={text} data-testid="facet-value" onClick={onToggle}>
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

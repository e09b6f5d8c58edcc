// SPDX-License-Identifier: Apache-2.0
// The sentence in place of an answer, and what to do next.
import type { VNode } from "preact";
import { compareAddress, type SetQuery, type SetsQuery, setsQuery } from "../../model/compare_query";
import type { SetsState } from "./sets_state";
import { WrongQuery } from "../query/wrong_query";

export interface InsteadProps {
  readonly state: SetsState;
  readonly query: SetsQuery;
  readonly onAsk: (set: SetQuery, rest: SetQuery) => void;
}

export function Instead({ state, query, onAsk }: InsteadProps): VNode | null {
  if (state.kind === "running") return null;
  if (state.kind === "nothing") return <Ways query={query} />;
  if (state.kind === "failed") return <Failed state={state} />;
  const { traces } = state.comparison.set;
  const [which, other] = traces === 0 ? ["the set", query.set] as const : ["the rest", query.rest] as const;
  const always = { range: "all", start: "", end: "" };
  return (
    <div class="message" role="status" data-testid="empty-set">
      <h1>There is no trace in {which}.</h1>
      <p>Take a longer time or fewer conditions.{traces > 0 && " Traces that are in the set too count for the set alone."}</p>
      <p class="ways-out">
        {other.range !== "all" && (
          <button class="button line" type="button" data-testid="all-time" onClick={() => (
            traces === 0 ? onAsk({ ...query.set, ...always }, query.rest) : onAsk(query.set, { ...query.rest, ...always })
          )}>
            Take {which} from all time
          </button>
        )}
      </p>
    </div>
  );
}

function Failed({ state }: { readonly state: SetsState & { readonly kind: "failed" } }): VNode {
  if (state.wrong.set || state.wrong.rest) return <WrongQuery />;
  return (
    <div class="message" role="alert">
      <h1>The sets could not be compared.</h1>
      <p data-testid="compare-error">{state.message}</p>
      <p>Press r to try again; a shorter time range is less work.</p>
    </div>
  );
}

const kLast3Hours = { range: "3h", start: "", end: "" };

/** What is compared most, one click away. */
function Ways({ query: { set } }: { readonly query: SetsQuery }): VNode {
  const range = { range: set.range, start: set.start, end: set.end };
  const ways: readonly (readonly [string, SetQuery, SetQuery])[] = [
    ["Failed traces with the others", { q: "{ status = error }", ...range }, { q: "{ }", ...range }],
    ["Over a second with the others", { q: "{ trace:duration > 1s }", ...range }, { q: "{ }", ...range }],
    ["The last 15 minutes with 3 hours", { q: "{ }", ...kLast3Hours, range: "15m" }, { q: "{ }", ...kLast3Hours }],
  ];
  return (
    <div class="message" data-testid="compare-ways">
      <h1>What does one set of traces spend more than another?</h1>
      <p>Write a query for the set above, and one for the rest it is compared with; or begin with one of these.</p>
      <p class="ways-out">
        {ways.map(([name, one, other]) => (
          <a key={name} class="button line" href={compareAddress(setsQuery(one, other))}>{name}</a>
        ))}
      </p>
      <p>
        On <a href="/find">Find</a>, a box on the map is compared with the rest by one button. Two traces are compared by their IDs:{" "}
        <a href="/compare?a=&b=">trace with trace</a>.
      </p>
    </div>
  );
}

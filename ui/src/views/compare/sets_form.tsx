// SPDX-License-Identifier: Apache-2.0
// The two sets: a line of TraceQL and a time for each. Enter asks; another time asks at once.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { formatCount, plural } from "../../base/format";
import type { SetQuery, SetsQuery } from "../../model/compare_query";
import type { QueryError } from "../../model/query_error";
import type { SetComparison } from "../../model/set_comparison";
import type { TimeRange } from "../../model/time_range";
import { QueryLine } from "../query/query_line";
import { RangeField } from "../query/range_field";

export interface SetsFormProps {
  readonly query: SetsQuery;
  readonly wrong: { readonly set?: QueryError; readonly rest?: QueryError };
  readonly comparison: SetComparison | undefined;
  readonly onAsk: (set: SetQuery, rest: SetQuery) => void;
}

export function SetsForm({ query, wrong, comparison, onAsk }: SetsFormProps): VNode {
  const [set, rest] = [useSignal(query.set.q), useSignal(query.rest.q)];
  useEffect(() => {
    set.value = query.set.q;
  }, [query.set.q]);
  useEffect(() => {
    rest.value = query.rest.q;
  }, [query.rest.q]);
  const ask = (ofSet: Partial<TimeRange> = {}, ofRest: Partial<TimeRange> = {}): void =>
    onAsk({ ...query.set, ...ofSet, q: set.value.trim() }, { ...query.rest, ...ofRest, q: rest.value.trim() });
  return (
    <form class="sets" data-testid="sets-form" aria-label="Sets" role="search" onSubmit={(event) => {
      event.preventDefault();
      ask();
    }}>
      <SetLine name="Set" text={set.value} placeholder="{ status = error }" testId="query-input" error={wrong.set} range={query.set}
        traces={comparison?.set.traces} onText={(text) => (set.value = text)} onRun={() => ask()} onRange={(range) => ask(range)} />
      <SetLine name="Rest" text={rest.value} placeholder="{ }" testId="baseline-input" error={wrong.rest} range={query.rest}
        traces={comparison?.rest.traces} onText={(text) => (rest.value = text)} onRun={() => ask()} onRange={(range) => ask({}, range)} />
      <button class="sr" type="submit" tabIndex={-1}>Compare</button>
    </form>
  );
}

interface SetLineProps {
  readonly name: string;
  readonly text: string;
  readonly placeholder: string;
  readonly testId: string;
  readonly error: QueryError | undefined;
  readonly range: TimeRange;
  readonly traces: number | undefined;
  readonly onText: (text: string) => void;
  readonly onRun: () => void;
  readonly onRange: (range: TimeRange) => void;
}

function SetLine({ name, text, placeholder, testId, error, range, traces, onText, onRun, onRange }: SetLineProps): VNode {
  return (
    <div class="set-line" role="group" aria-label={name}>
      <QueryLine lead={<span class="tagset">{name}</span>} label={`TraceQL of the ${name.toLowerCase()}`} testId={testId} text={text} placeholder={placeholder}
        metrics={false} error={error?.query === text ? error : undefined} onText={onText} onRun={onRun}>
        <RangeField range={range} endless onRange={onRange} />
        <span class="num set-count" data-testid={`${testId}-count`}>
          {traces !== undefined && `${formatCount(traces)} ${plural(traces, "trace")}`}
        </span>
      </QueryLine>
    </div>
  );
}

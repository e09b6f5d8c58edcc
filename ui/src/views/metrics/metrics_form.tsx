// SPDX-License-Identifier: Apache-2.0
// The question of the Metrics page: query, time range, step, and which chart shows the answer.
import { type Signal, useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { formatCount, formatDuration, plural } from "../../base/format";
import { kMillisecond } from "../../base/time";
import { type ChartKind, kChartKinds, kDefaultMetrics, kSteps, type MetricsQuery, paramsFromMetrics } from "../../model/metrics_query";
import { Menu } from "../../widgets/menu";
import { QueryLine } from "../query/query_line";
import { RangeField } from "../query/range_field";
import { fixedNow, ShareButton, sharedAddress } from "../query/share_button";
import { copiesOf } from "./copies";
import { GroupPicker } from "./group_picker";
import { type Answered, type MetricsState, shownAnswer } from "./metrics_state";

export interface MetricsFormProps {
  readonly query: MetricsQuery;
  readonly state: MetricsState;
  /** The chart that is shown; undefined when none is. */
  readonly kind: ChartKind | undefined;
  readonly onAsk: (query: MetricsQuery) => void;
  /** Whether it is being chosen what to group by. */
  readonly grouping: Signal<boolean>;
}

const kNames: Readonly<Record<ChartKind, string>> = { line: "Line", bar: "Bar", heatmap: "Heatmap", table: "Table" };

export function MetricsForm({ query, state, kind, onAsk, grouping }: MetricsFormProps): VNode {
  const text = useSignal(query.q);
  useEffect(() => {
    text.value = query.q;
  }, [query.q]);
  const ask = (changes: Partial<MetricsQuery> = {}): void => onAsk({ ...query, q: text.value.trim() || kDefaultMetrics.q, ...changes });
  const wrong = state.kind === "failed" ? state.wrong : undefined;
  return (
    <form class="ask" data-testid="metrics-form" aria-label="Metrics" role="search" onSubmit={(event) => {
      event.preventDefault();
      ask();
    }}>
      <QueryLine text={text.value} placeholder={kDefaultMetrics.q} metrics error={wrong?.query === text.value ? wrong : undefined}
        onText={(typed) => (text.value = typed)} onRun={() => ask()}>
        <RangeField range={query} endless={false} onRange={(range) => ask(range)} />
        <StepField step={query.step} onStep={(step) => ask({ step })} />
        <button class="button solid" type="submit" data-testid="run-button">
          Run
        </button>
      </QueryLine>
      <div class="chart-tools">
        <div class="segment" role="group" aria-label="Chart">
          {kChartKinds.map((each) => (
            <button key={each} class="button" type="button" aria-pressed={each === kind} data-testid={`chart-${each}`}
              onClick={() => ask({ chart: each })}>
              {kNames[each]}
            </button>
          ))}
        </div>
        <GroupPicker query={{ ...query, q: text.value }} open={grouping} onQuery={(q) => ask({ q })} />
        <ShareButton small={false} address={() => sharedAddress("/chart", paramsFromMetrics(fixedNow(query)))} />
        <Menu name="Copy as" items={copiesOf(query)} testId="copy-menu" />
        <span class="status muted" role="status" data-testid="metrics-status">
          <Status state={state} />
        </span>
      </div>
    </form>
  );
}

function StepField({ step, onStep }: { readonly step: string; readonly onStep: (step: string) => void }): VNode {
  const steps = step && !kSteps.includes(step) ? [step, ...kSteps] : kSteps;
  return (
    <label class="field select">
      <span class="field-label">Step</span>
      <select value={step} onChange={(event) => onStep(event.currentTarget.value)} data-testid="step-input">
        <option value="">auto</option>
        {steps.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </label>
  );
}

function Status({ state }: { readonly state: MetricsState }): VNode | null {
  const answered = shownAnswer(state);
  if (state.kind === "running") return <>Running</>;
  return answered ? <>{facts(answered)}</> : null;
}

function facts({ answer, milliseconds }: Answered): string {
  const { times, series, message } = answer;
  const parts = [
    `${formatCount(times.length)} ${plural(times.length, "step")}`,
    `${formatCount(series.length)} series`,
    formatDuration(milliseconds * kMillisecond),
  ];
  return message ? `${parts.join(", ")}. ${message}` : parts.join(", ");
}

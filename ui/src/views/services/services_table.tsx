// SPDX-License-Identifier: Apache-2.0
// One row for each service, and under one that is open its operations.
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { formatCount, formatNumber, kThinSpace } from "../../base/format";
import { colorClass, hashedColor } from "../../model/service_color";
import { changeOf, type ServiceStats, sortedStats } from "../../model/service_stats";
import type { SortKey } from "../../model/services_query";
import { TwistIcon } from "../../widgets/icons";
import { SparkLine } from "../../widgets/spark_line";

export interface ServicesTableProps {
  readonly services: readonly ServiceStats[];
  readonly operations: ReadonlyMap<string, readonly ServiceStats[]>;
  readonly chosen: string;
  readonly open: readonly string[];
  readonly onChoose: (service: string) => void;
  readonly onToggle: (service: string) => void;
  readonly sort: SortKey;
  readonly onSort: (key: SortKey) => void;
}

const kColumns: readonly { readonly key: SortKey | undefined; readonly label: string; readonly class: string }[] = [
  { key: "name", label: "Service, operation", class: "" },
  { key: "rate", label: "Per min", class: "num" },
  { key: "errorShare", label: "Errors, %", class: "num" },
  { key: "p50", label: "p50, ms", class: "num" },
  { key: "p95", label: "p95, ms", class: "num" },
  { key: "p99", label: "p99, ms", class: "num" },
  { key: undefined, label: "p95 over time", class: "" },
  { key: "change", label: "Change", class: "num" },
];

export function ServicesTable({ sort, onSort, services, operations, chosen, open, onChoose, onToggle }: ServicesTableProps): VNode {
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => body.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" }), [chosen]);
  return (
    <table class="st">
      <colgroup>
        <col />
        {["c-rate", "c-err", "c-len", "c-len", "c-len", "c-line", "c-change"].map((column, at) => <col key={at} class={column} />)}
      </colgroup>
      <thead>
        <tr>
          {kColumns.map(({ key, label, class: kind }) => (
            <th key={label} scope="col" class={kind} aria-sort={key === sort ? (key === "name" ? "ascending" : "descending") : undefined}>
              {key ? <button type="button" data-testid={`sort-${key}`} onClick={() => onSort(key)}>{label}</button> : label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {services.map((stats) => (
          <ServiceRows key={stats.name} stats={stats} current={stats.name === chosen} operations={open.includes(stats.name) ? sortedStats(operations.get(stats.name) ?? [], sort) : undefined}
            onChoose={() => onChoose(stats.name)} onToggle={() => onToggle(stats.name)} />
        ))}
      </tbody>
    </table>
  );
}

interface ServiceRowsProps {
  readonly stats: ServiceStats;
  readonly current: boolean;
  /** undefined while it is closed. */
  readonly operations: readonly ServiceStats[] | undefined;
  readonly onChoose: () => void;
  readonly onToggle: () => void;
}

function ServiceRows({ stats, current, operations, onChoose, onToggle }: ServiceRowsProps): VNode {
  const choose = (event: MouseEvent): void => {
    if (event.target instanceof Element && !event.target.closest("button")) onChoose();
  };
  return (
    <>
      <tr data-testid="service-row" data-service={stats.name} aria-current={current ? "true" : undefined} onClick={choose}>
        <td>
          <span class="names">
            <button class="tw" type="button" aria-expanded={operations !== undefined} aria-label={`Operations of ${stats.name}`}
              data-testid="operations-toggle" onClick={onToggle}>
              <TwistIcon open={operations !== undefined} />
            </button>
            <span class={`chip ${colorClass(hashedColor(stats.name))}`} />
            <button class="op strong" type="button" title={stats.name} onClick={onChoose}>{stats.name || "(no name)"}</button>
          </span>
        </td>
        <Numbers stats={stats} />
      </tr>
      {operations?.map((each) => (
        <tr key={each.name} class="oprow" data-testid="operation-row">
          <td class="opi" title={each.name}>{each.name}</td>
          <Numbers stats={each} />
        </tr>
      ))}
    </>
  );
}

const kFailing = 0.01;
const kGrown = 0.2;

function Numbers({ stats }: { readonly stats: ServiceStats }): VNode {
  const { rate, errorShare, p50, p95, p99, line } = stats;
  const change = changeOf(stats);
  return (
    <>
      <td class="num">{formatNumber(rate * 60)}</td>
      <td class="num">
        {errorShare >= kFailing ? <span class="err">! {formatNumber(errorShare * 100)}</span> : <span class="muted">{formatNumber(errorShare * 100)}</span>}
      </td>
      <td class="num muted">{millis(p50)}</td>
      <td class="num strong">{millis(p95)}</td>
      <td class="num muted">{millis(p99)}</td>
      <td><SparkLine values={line} /></td>
      <td class={change >= kGrown ? "num strong" : "num muted"}>{changeText(change)}</td>
    </>
  );
}

function millis(seconds: number): string {
  return Number.isNaN(seconds) ? "–" : formatNumber(seconds * 1000);
}

/** +63 %, −2 %, 0 %; "new" where there was nothing before is for the reader to see: a dash. */
function changeText(change: number): string {
  if (Number.isNaN(change)) return "–";
  const percent = Math.round(change * 100);
  return `${percent > 0 ? "+" : percent < 0 ? "−" : ""}${formatCount(Math.abs(percent))}${kThinSpace}%`;
}

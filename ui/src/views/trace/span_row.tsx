// SPDX-License-Identifier: Apache-2.0
// One row of the waterfall: where the span hangs, its name and its self time. Its bar is on the canvas; what the
// bar says is in the label of the row.
import type { VNode } from "preact";
import { formatCount, formatIn, formatShare, formatWithUnit, middleEllipsis, plural } from "../../base/format";
import type { ShownTrace } from "../../model/shown_trace";
import { groupFacts } from "../../model/sibling_groups";
import { groupOfRow, isGroup } from "../../model/trace_rows";
import { slowerText, slowText, type UsualTrace, usualOfRow } from "../../model/usual";
import { TwistIcon } from "../../widgets/icons";
import { PureComponent } from "../../widgets/pure_component";
import { kMostGuides, RowGuides } from "../../widgets/row_guides";

const kNameLetters = 41;
/** From this share of the trace on, a self time is set off. */
const kHotShare = 0.05;

export interface SpanRowProps {
  readonly row: number;
  readonly level: number;
  readonly trace: ShownTrace;
  readonly usual: UsualTrace | undefined;
  readonly rowNumber: number;
  readonly open: boolean;
  readonly selected: boolean;
  readonly matched: boolean;
  readonly tabStop: boolean;
  readonly onSelect: (row: number) => void;
  readonly onToggle: (row: number) => void;
}

/** Rows that stay in sight stay as they are: only those that come are made. */
export class SpanRow extends PureComponent<SpanRowProps> {
  override render(): VNode {
    return drawRow(this.props);
  }
}

function drawRow(props: SpanRowProps): VNode {
  const { row, trace, selected, matched } = props;
  const facts = isGroup(row) ? groupRow(trace, groupOfRow(row)) : spanRow(trace, row, props.usual);
  const { first } = facts;
  const hot = facts.self >= kHotShare * trace.data.length && facts.self > 0;
  return (
    <div
      class={`row wf-cols ${trace.colorClass(first)}${facts.failed ? " is-error" : ""}${matched ? " is-match" : ""}`}
      role="row"
      aria-level={props.level + 1}
      aria-posinset={trace.data.position[first]}
      aria-setsize={trace.data.siblings[first]}
      aria-rowindex={props.rowNumber}
      aria-expanded={facts.below > 0 ? props.open : undefined}
      aria-selected={selected}
      aria-label={matched ? `${facts.label}, match` : facts.label}
      tabIndex={props.tabStop ? 0 : -1}
      onClick={() => props.onSelect(row)}
      onDblClick={() => props.onToggle(row)}
      data-testid="span-row"
      data-name={trace.name(first)}
      data-service={trace.service(first)}
      data-span={trace.keyOf(first)}
      data-group={facts.count > 1 ? facts.count : undefined}
    >
      <NameCell {...props} facts={facts} />
      <div class={hot ? "selfcell hot" : "selfcell"} role="gridcell">
        {formatIn(trace.unit, facts.self)}
      </div>
      <div class="lane" role="gridcell" title={facts.title} />
    </div>
  );
}

interface RowFacts {
  /** The span, or the first of the group. */
  readonly first: number;
  readonly count: number;
  readonly self: number;
  readonly failed: boolean;
  readonly below: number;
  readonly label: string;
  readonly title: string;
}

function spanRow(trace: ShownTrace, row: number, usual: UsualTrace | undefined): RowFacts {
  const self = trace.data.selfTime[row]!;
  const total = trace.duration(row);
  const known = usualOfRow(trace, usual, row);
  const said = [
    formatWithUnit(trace.unit, total),
    `${formatShare(total, trace.data.length)} of trace`,
    `self ${formatWithUnit(trace.unit, self)}`,
    ...(known && slowText(known, total) ? [slowerText(known, total)] : []),
    ...(trace.failed(row) ? ["error"] : []),
    ...(trace.orphan(row) ? ["parent missing"] : []),
    ...linksText(trace, row),
  ].join(", ");
  return { first: row, count: 1, self, failed: trace.failed(row), below: trace.descendants(row), label: `${trace.label(row)}, ${said}`, title: said };
}

function linksText({ links }: ShownTrace, row: number): readonly string[] {
  const [own, named] = [links.countOf(row), links.countTo(row)];
  return [
    ...(own > 0 ? [`${formatCount(own)} ${plural(own, "link")}`] : []),
    ...(named > 0 ? [`${formatCount(named)} ${plural(named, "link")} to it`] : []),
  ];
}

function groupRow(trace: ShownTrace, group: number): RowFacts {
  const { groups, columns, selfTime } = trace.data;
  const { first, members, total, errors } = groups;
  const rows = members.subarray(first[group], first[group + 1]);
  const facts = groupFacts(groups, columns, group);
  const said = [
    `${formatWithUnit(trace.unit, total[group]!)} in total`,
    `p95 ${formatWithUnit(trace.unit, facts.p95)}`,
    `longest ${formatWithUnit(trace.unit, trace.duration(facts.longest))}`,
    ...(errors[group]! > 0 ? [`${formatCount(errors[group]!)} with errors`] : []),
  ].join(", ");
  const self = rows.reduce((sum, row) => sum + selfTime[row]!, 0);
  const label = `${formatCount(facts.count)} times ${trace.label(rows[0]!)}, ${said}`;
  return { first: rows[0]!, count: facts.count, self, failed: errors[group]! > 0, below: facts.count, label, title: said };
}

function NameCell({ row, level, trace, open, onToggle, facts }: SpanRowProps & { readonly facts: RowFacts }): VNode {
  const { first, count, failed, below } = facts;
  const name = trace.name(first);
  const peer = count === 1 ? trace.peer(first) : "";
  const toggle = (event: Event): void => {
    event.stopPropagation();
    onToggle(row);
  };
  return (
    <div class="name" role="gridcell">
      <RowGuides level={level} />
      {below > 0 ? (
        <button class="twist" type="button" tabIndex={-1} aria-label={open ? "Fold" : "Unfold"} onClick={toggle}
          onDblClick={(event) => event.stopPropagation()} data-testid="span-toggle">
          <TwistIcon open={open} />
        </button>
      ) : (
        <span class="twist" />
      )}
      <span class="chip" />
      <span class="svc">{trace.service(first)}</span>
      {failed && (
        <span class="bang" aria-hidden="true">
          !
        </span>
      )}
      {count > 1 && <span class="fold">×{formatCount(count)}</span>}
      <span class="op" title={name}>
        {middleEllipsis(name, kNameLetters)}
      </span>
      {peer !== "" && peer !== name && <span class="tag peer">→ {peer}</span>}
      {!open && count === 1 && below > 0 && <span class="tag">+{formatCount(below)}</span>}
      {level > kMostGuides && <span class="tag">level {level + 1}</span>}
      {trace.orphan(first) && <span class="tag">parent missing</span>}
    </div>
  );
}

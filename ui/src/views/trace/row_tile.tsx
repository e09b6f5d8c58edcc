// SPDX-License-Identifier: Apache-2.0
// Some rows of the waterfall, one under the other: names as text and all bars on one canvas. Tiles that stay in sight
// stay as they are, so that a scroll draws little in each frame.
import type { VNode } from "preact";
import { groupOfRow, isGroup } from "../../model/trace_rows";
import { PureComponent } from "../../widgets/pure_component";
import { RowSpacer } from "../../widgets/row_spacer";
import { LaneCanvas, type LaneCanvasProps } from "./lane_canvas";
import { kRowHeight } from "./lane_pen";
import { SpanRow } from "./span_row";

export interface RowTileProps extends LaneCanvasProps {
  /** Where it lies among all rows, in pixels; undefined: below the tile before. */
  readonly top: number | undefined;
  /** Of its rows [from, to) are there by now; its lanes are drawn whole. */
  readonly from: number;
  readonly to: number;
  /** Rows of the trace; -1: it is in another tile. */
  readonly selected: number;
  readonly tabStop: number;
  readonly matches: Uint8Array | undefined;
  /** Spans that are folded and groups that are not, by number. */
  readonly folded: Uint8Array;
  readonly opened: Uint8Array;
  readonly onSelect: (row: number) => void;
  readonly onToggle: (row: number) => void;
}

export class RowTile extends PureComponent<RowTileProps> {
  override render(): VNode {
    const { top, from, to, selected, tabStop, matches, folded, opened, onSelect, onToggle, ...lanes } = this.props;
    const { trace, shown, first, usual } = lanes;
    const isOpen = (row: number): boolean => (isGroup(row) ? opened[groupOfRow(row)] === 1 : folded[row] !== 1);
    return (
      <div class="wf-tile" role="presentation" style={top === undefined ? {} : { top: `${top}px` }}>
        <LaneCanvas {...lanes} />
        <RowSpacer rows={from - first} rowHeight={kRowHeight} />
        {Array.from(shown.rows.subarray(from, to), (row, at) => (
          <SpanRow
            key={row}
            row={row}
            level={shown.levels[from + at]!}
            trace={trace}
            usual={usual}
            rowNumber={from + at + 2}
            open={isOpen(row)}
            selected={row === selected}
            matched={!isGroup(row) && matches?.[row] === 1}
            tabStop={row === tabStop}
            onSelect={onSelect}
            onToggle={onToggle}
          />
        ))}
      </div>
    );
  }
}

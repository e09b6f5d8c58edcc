// SPDX-License-Identifier: Apache-2.0
// Spans arrive in any order, some without their parent, and a broken sender may even close a circle.
// The tree takes every span exactly once and never fails:
//   - a span whose parent is absent becomes a root of its own, marked `orphan`;
//   - a circle is cut above its earliest span, which becomes such a root;
//   - spans that share an id hang under the first that came with it (Zipkin's client and server).
// Everything is iterative, because a trace may be deeper than the stack. The result is in pre-order with
// the number of descendants of each node, so that a folded subtree is skipped by one addition.
// Cost: O(n log n) for the order of siblings. Times are doubles, nanoseconds since the first span.
import { earliest, nanosSince } from "../base/time";
import type { Span } from "./trace";
import { type Segment, selfSegments, totalLength } from "./self_time";

export interface SpanNode {
  readonly span: Span;
  /** Unique in the trace; the span id unless several spans share it. */
  readonly key: string;
  readonly start: number;
  readonly end: number;
  /** 1 for a root. */
  readonly level: number;
  readonly orphan: boolean;
  readonly parent: number;
  readonly descendants: number;
  readonly childCount: number;
  readonly position: number;
  readonly siblings: number;
  /** When the span works itself: its time minus the union of its children. */
  readonly self: readonly Segment[];
  readonly selfTime: number;
}

export interface SpanTree {
  /** Pre-order. The first node is the root of the trace as far as it is known. */
  readonly nodes: readonly SpanNode[];
  readonly origin: Span["start"];
  readonly length: number;
  readonly depth: number;
}

interface Draft {
  readonly span: Span;
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly children: Draft[];
  parent: Draft | undefined;
  orphan: boolean;
  placed: boolean;
}

export function buildSpanTree(spans: readonly Span[]): SpanTree {
  const origin = earliest(spans.map(({ start }) => start));
  if (origin === undefined) return { nodes: [], origin: 0n as Span["start"], length: 0, depth: 0 };
  const drafts = draftSpans(spans, origin);
  linkParents(drafts);
  const nodes = flatten(cutCircles(drafts));
  let length = 0;
  let depth = 0;
  for (const node of nodes) {
    length = Math.max(length, node.end);
    depth = Math.max(depth, node.level);
  }
  return { nodes, origin, length, depth };
}

function draftSpans(spans: readonly Span[], origin: Span["start"]): Draft[] {
  const used = new Map<string, number>();
  return spans.map((span) => {
    const copies = used.get(span.spanId) ?? 0;
    used.set(span.spanId, copies + 1);
    const start = nanosSince(origin, span.start);
    const end = Math.max(start, nanosSince(origin, span.end));
    const key = copies === 0 ? span.spanId : `${span.spanId}~${copies}`;
    return { span, key, start, end, children: [], parent: undefined, orphan: false, placed: false };
  });
}

function linkParents(drafts: readonly Draft[]): void {
  const byId = new Map<string, Draft>();
  for (const draft of drafts) if (!byId.has(draft.span.spanId)) byId.set(draft.span.spanId, draft);
  for (const draft of drafts) {
    const first = byId.get(draft.span.spanId);
    const parent = first !== draft ? first : byId.get(draft.span.parentId);
    if (parent && parent !== draft) {
      draft.parent = parent;
      parent.children.push(draft);
    } else {
      draft.orphan = draft.span.parentId !== "";
    }
  }
}

/** Returns the roots, after cutting what no root reaches. */
function cutCircles(drafts: readonly Draft[]): Draft[] {
  const roots = drafts.filter(({ parent }) => !parent);
  roots.forEach(place);
  const lost = drafts.filter(({ placed }) => !placed).sort(byStart);
  for (const draft of lost) {
    if (draft.placed) continue;
    const siblings = draft.parent?.children;
    siblings?.splice(siblings.indexOf(draft), 1);
    draft.parent = undefined;
    draft.orphan = true;
    roots.push(draft);
    place(draft);
  }
  return roots.sort((a, b) => Number(a.orphan) - Number(b.orphan) || byStart(a, b));
}

function place(root: Draft): void {
  const pending = [root];
  for (let draft = pending.pop(); draft; draft = pending.pop()) {
    draft.placed = true;
    for (const child of draft.children) if (!child.placed) pending.push(child);
  }
}

function byStart(a: Draft, b: Draft): number {
  return a.start - b.start || b.end - a.end;
}

interface Visit {
  readonly draft: Draft;
  readonly level: number;
  readonly parent: number;
  readonly position: number;
  readonly siblings: number;
}

function flatten(roots: readonly Draft[]): SpanNode[] {
  const nodes: (SpanNode & { descendants: number })[] = [];
  const pending: Visit[] = [];
  const push = (drafts: readonly Draft[], level: number, parent: number): void => {
    for (let index = drafts.length - 1; index >= 0; --index) {
      const draft = drafts[index]!;
      pending.push({ draft, level, parent, position: index + 1, siblings: drafts.length });
    }
  };
  push(roots, 1, -1);
  for (let visit = pending.pop(); visit; visit = pending.pop()) {
    const { draft, ...place } = visit;
    const { span, key, start, end, orphan } = draft;
    const children = draft.children.sort(byStart);
    const self = selfSegments(start, end, children);
    const childCount = children.length;
    nodes.push({ span, key, start, end, orphan, ...place, descendants: 0, childCount, self, selfTime: totalLength(self) });
    push(children, visit.level + 1, nodes.length - 1);
  }
  for (let index = nodes.length - 1; index > 0; --index) {
    const node = nodes[index]!;
    const parent = nodes[node.parent];
    if (parent) parent.descendants += node.descendants + 1;
  }
  return nodes;
}

/** Indices of the nodes to show when the subtrees of `folded` are closed. */
export function visibleRows(nodes: readonly SpanNode[], folded: ReadonlySet<string>): readonly number[] {
  const rows: number[] = [];
  for (let index = 0; index < nodes.length; ++index) {
    const node = nodes[index]!;
    rows.push(index);
    if (node.childCount > 0 && folded.has(node.key)) index += node.descendants;
  }
  return rows;
}

/** The folds without those that hide the node. */
export function unfoldTo(nodes: readonly SpanNode[], folded: ReadonlySet<string>, index: number): ReadonlySet<string> {
  const rest = new Set(folded);
  for (let at = nodes[index]?.parent ?? -1; at >= 0; at = nodes[at]!.parent) rest.delete(nodes[at]!.key);
  return rest.size === folded.size ? folded : rest;
}

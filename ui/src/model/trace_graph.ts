// SPDX-License-Identifier: Apache-2.0
// The calls of a trace as a graph: spans that were reached over the same services, or over the same services and
// names, are one node, so that a thousand queries are one edge with a count. Since a path has one beginning the
// graph is a tree. The rule of the ledger says whose time it is: what a client has for itself is the network to
// the service that answered it, or the time of a callee that sends no spans; only what is left is a node's own.
import type { ShownTrace } from "./shown_trace";
import { kNoRow } from "./trace_columns";

export type GraphBy = "service" | "operation";

/** A callee sends no spans; a rest is what is folded away below a node. */
export type TraceNodeKind = "spans" | "callee" | "queue" | "rest";

export interface TraceNode {
  readonly kind: TraceNodeKind;
  /** Number of the node that calls it; -1 for what nobody calls. */
  readonly caller: number;
  readonly level: number;
  /** A service, with operations its spans' name; a callee's name, "" where it is not known; of a rest "". */
  readonly name: string;
  /** Of its spans, or of those that call it. */
  readonly service: string;
  readonly color: number;
  readonly spans: number;
  /** Of its spans; of a callee the calls that failed. */
  readonly errors: number;
  readonly self: number;
  /** How much of the critical path is its own. */
  readonly path: number;
  /** The row of its longest span; of a callee of the longest call. */
  readonly slowest: number;
  /** What calls it, in sum. */
  readonly calls: number;
  /** How long callers waited for it: its spans and the network. */
  readonly waited: number;
  readonly network: number;
  readonly networkPath: number;
  /** How many nodes a rest is; else 0. */
  readonly folded: number;
}

export interface TraceGraph {
  /** Callers first, and what is called from one place by what it took, the most first. */
  readonly nodes: readonly TraceNode[];
  /** The node of each row from the first on. */
  readonly nodeOf: Int32Array;
  readonly first: number;
  /** How many nodes are folded away. */
  readonly folded: number;
}

type Draft = { -readonly [Key in keyof TraceNode]: TraceNode[Key] } & { below: Map<number, Draft> | undefined; readonly parent: Draft | undefined; total: number; at: number };

/** More texts than a trace has. */
const kTexts = 2 ** 26;
const kServer = 2;
const kClient = 3;
const kProducer = 4;
const kConsumer = 5;

/** Of the rows [from, to), which are a subtree or all. At most `most` nodes and what is folded below them. */
export function traceGraph(trace: ShownTrace, by: GraphBy, from: number, to: number, most: number): TraceGraph {
  const top = draftOf(trace, undefined, "spans", from, "");
  const drafts = new Array<Draft>(to - from);
  const answers = answersOf(trace, from, to);
  for (let row = from; row < to; ++row) {
    const above = trace.parent(row);
    const caller = above < from ? undefined : drafts[above - from]!;
    const crosses = !caller || by === "operation" || isCall(trace, above, row);
    const draft = crosses ? below(trace, caller ?? top, row, by) : caller;
    drafts[row - from] = draft;
    addSpan(trace, draft, row);
    if (caller && crosses) addCall(trace, draft, above, row, answers[above - from] === row);
    addSelf(trace, draft, row, answers[row - from]! !== kNoRow);
  }
  return finished(trace, top, drafts, from, most);
}

/** A call leads to another service, or from a client to a server of the same. */
function isCall({ data: { columns } }: ShownTrace, caller: number, row: number): boolean {
  const { service, kind } = columns;
  return service[caller] !== service[row] || (kind[caller] === kClient && kind[row] === kServer);
}

/** The row that answered a client: the first of those that it called. */
function answersOf(trace: ShownTrace, from: number, to: number): Uint32Array {
  const answers = new Uint32Array(to - from).fill(kNoRow);
  const { service, kind } = trace.data.columns;
  for (let row = from + 1; row < to; ++row) {
    const above = trace.parent(row);
    if (above < from || kind[above] !== kClient || answers[above - from] !== kNoRow) continue;
    if (kind[row] === kServer || service[row] !== service[above]) answers[above - from] = row;
  }
  return answers;
}

function below(trace: ShownTrace, parent: Draft, row: number, by: GraphBy): Draft {
  const { service, name } = trace.data.columns;
  if (by === "service") return draftBelow(trace, parent, "spans", row, service[row]!, trace.service(row));
  return draftBelow(trace, parent, "spans", row, service[row]! * kTexts + name[row]!, trace.name(row));
}

function draftBelow(trace: ShownTrace, parent: Draft, kind: TraceNodeKind, row: number, key: number, name: string): Draft {
  parent.below ??= new Map();
  let draft = parent.below.get(key);
  if (!draft) parent.below.set(key, (draft = draftOf(trace, parent, kind, row, name)));
  return draft;
}

function draftOf(trace: ShownTrace, parent: Draft | undefined, kind: TraceNodeKind, row: number, name: string): Draft {
  return {
    kind, name, parent, below: undefined, service: trace.service(row), color: trace.color(row), slowest: row,
    caller: -1, level: parent ? parent.level + 1 : -1, spans: 0, errors: 0, self: 0, path: 0,
    calls: 0, waited: 0, network: 0, networkPath: 0, folded: 0, total: 0, at: -1,
  };
}

function addSpan(trace: ShownTrace, draft: Draft, row: number): void {
  ++draft.spans;
  draft.errors += Number(trace.failed(row));
  if (trace.duration(row) > trace.duration(draft.slowest)) draft.slowest = row;
}

/** The time of a call is what of it the caller was there for; nobody waits for a consumer. */
function addCall(trace: ShownTrace, draft: Draft, caller: number, row: number, answers: boolean): void {
  const { kind } = trace.data.columns;
  ++draft.calls;
  if (kind[caller] === kProducer && kind[row] === kConsumer) return;
  const [from, to] = [Math.max(trace.start(caller), trace.start(row)), Math.min(trace.end(caller), trace.end(row))];
  draft.waited += Math.max(0, to - from);
  if (!answers) return;
  const network = trace.data.selfTime[caller]!;
  draft.waited += network;
  draft.network += network;
  draft.networkPath += trace.data.pathTime[caller]!;
}

/** What a span has for itself: its node's, unless it calls. */
function addSelf(trace: ShownTrace, draft: Draft, row: number, isAnswered: boolean): void {
  if (isAnswered) return;
  const { selfTime, pathTime, columns: { kind, peer: peers } } = trace.data;
  const [self, path] = [selfTime[row]!, pathTime[row]!];
  const peer = trace.peer(row);
  const calls = kind[row] === kClient || (kind[row] === kProducer && peer !== "");
  const owner = calls ? draftBelow(trace, draft, kind[row] === kClient ? "callee" : "queue", row, -1 - peers[row]!, peer) : draft;
  owner.self += self;
  owner.path += path;
  if (!calls) return;
  ++owner.calls;
  owner.waited += self;
  owner.errors += Number(trace.failed(row));
  if (self > trace.data.selfTime[owner.slowest]!) owner.slowest = row;
}

function finished(trace: ShownTrace, top: Draft, drafts: readonly Draft[], first: number, most: number): TraceGraph {
  const all: Draft[] = [top];
  for (let at = 0; at < all.length; ++at) for (const draft of all[at]!.below?.values() ?? []) all.push(draft);
  for (const draft of [...all].reverse()) {
    draft.total += draft.self + draft.network;
    if (draft.parent) draft.parent.total += draft.total;
  }
  // A node takes no less than those below it, and is found before them: the largest are a tree again.
  const kept = new Set(all.slice(1).sort((a, b) => b.total - a.total || a.level - b.level).slice(0, most));
  const rests = new Map<Draft, Draft>();
  const restOf = new Map<Draft, Draft>();
  for (const draft of all.slice(1)) if (!kept.has(draft)) restOf.set(draft, fold(trace, draft, restOf.get(draft.parent!), rests));
  const nodes = inOrder(top, kept, rests);
  const placeOf = (draft: Draft): number => (restOf.get(draft) ?? draft).at;
  return { nodes, nodeOf: Int32Array.from(drafts, placeOf), first, folded: all.length - 1 - kept.size };
}

/** Adds a node to the rest that its caller is part of, or else to that below its caller. */
function fold(trace: ShownTrace, draft: Draft, callersRest: Draft | undefined, rests: Map<Draft, Draft>): Draft {
  const above = draft.parent!;
  const isNext = !callersRest;
  let rest = callersRest ?? rests.get(above);
  if (!rest) {
    rest = { ...draft, kind: "rest", name: "", parent: above, level: above.level + 1, below: undefined, spans: 0, errors: 0, self: 0, path: 0, calls: 0, waited: 0, network: 0, networkPath: 0 };
    rests.set(above, rest);
  }
  ++rest.folded;
  // The network within is time of the rest; what its own callers waited for is theirs.
  rest.spans += draft.spans;
  rest.errors += draft.kind === "spans" ? draft.errors : 0;
  rest.self += draft.self + (isNext ? 0 : draft.network);
  rest.path += draft.path + (isNext ? 0 : draft.networkPath);
  if (trace.duration(draft.slowest) > trace.duration(rest.slowest)) rest.slowest = draft.slowest;
  if (!isNext) return rest;
  rest.calls += draft.calls;
  rest.waited += draft.waited;
  rest.network += draft.network;
  rest.networkPath += draft.networkPath;
  return rest;
}

function inOrder(top: Draft, kept: ReadonlySet<Draft>, rests: ReadonlyMap<Draft, Draft>): readonly TraceNode[] {
  const nodes: TraceNode[] = [];
  const open: Draft[] = [top];
  for (let draft = open.pop(); draft; draft = open.pop()) {
    if (draft !== top) draft.at = nodes.push(nodeFrom(draft)) - 1;
    if (draft.kind === "rest") continue;
    const next = [...(draft.below?.values() ?? [])].filter((each) => kept.has(each)).sort((a, b) => b.total - a.total || a.slowest - b.slowest);
    const rest = rests.get(draft);
    open.push(...(rest ? [...next, rest] : next).reverse());
  }
  return nodes;
}

function nodeFrom({ below: _below, parent, total: _total, at: _at, ...node }: Draft): TraceNode {
  return { ...node, caller: parent?.at ?? -1 };
}

// SPDX-License-Identifier: Apache-2.0
// The line of TraceQL on top of a page, and below it what the server says of a query it cannot take.
import type { ComponentChildren, VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { QueryError } from "../../model/query_error";
import { CodeEditor } from "../../widgets/editor/code_editor";
import { kMetricsTraceql, kSpansTraceql } from "./traceql_language";

export interface QueryLineProps {
  readonly text: string;
  readonly placeholder: string;
  /** Whether numbers over time are asked for, or spans. */
  readonly metrics: boolean;
  readonly error: QueryError | undefined;
  readonly onText: (text: string) => void;
  readonly onRun: () => void;
  /** What stands to the right of it. */
  readonly children: ComponentChildren;
  /** What stands to the left. */
  readonly lead?: ComponentChildren;
  readonly label?: string;
  readonly testId?: string;
}

const kTestId = "query-input";

export function QueryLine({ text, placeholder, metrics, error, onText, onRun, children, lead, label = "TraceQL", testId = kTestId }: QueryLineProps): VNode {
  const mark = useMemo(() => error && { from: error.from, to: error.to, message: error.message }, [error]);
  return (
    <>
      <div class="ask-line">
        {lead}
        <div class={error ? "field editor is-wrong" : "field editor"}>
          <CodeEditor label={label} placeholder={placeholder} testId={testId} text={text} error={mark}
            language={metrics ? kMetricsTraceql : kSpansTraceql} onText={onText} onEnter={onRun} />
          {testId === kTestId && <kbd>/</kbd>}
        </div>
        {children}
      </div>
      {error && <QueryProblem error={error} />}
    </>
  );
}

function QueryProblem({ error }: { readonly error: QueryError }): VNode {
  return (
    <p class="query-problem" role="alert" data-testid="query-error">
      <span class="err">!</span>
      {error.line !== undefined && (
        <span class="muted">
          line {error.line}, col {error.column}
        </span>
      )}
      <span class="strong">{error.message}</span>
      {error.hint && <span>{error.hint}</span>}
    </p>
  );
}

export function focusQuery(): void {
  document.querySelector<HTMLElement>(`[data-testid=${kTestId}]`)?.focus();
}

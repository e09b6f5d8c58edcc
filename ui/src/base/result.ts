// SPDX-License-Identifier: Apache-2.0
// A value or the reason why there is none. Failures of the outside world travel as values, never as
// exceptions.

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Failure };

export interface Failure {
  /** The HTTP status, or 0 when the server was not reached or its answer not understood. */
  readonly status: number;
  readonly message: string;
}

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failure<T>(message: string, status = 0): Result<T> {
  return { ok: false, error: { status, message } };
}

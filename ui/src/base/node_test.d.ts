// SPDX-License-Identifier: Apache-2.0
// The few functions of Node that the unit tests use.
declare module "node:test" {
  export function test(name: string, body: () => void | Promise<void>): void;
}
declare module "node:assert/strict" {
  export function equal<T>(actual: T, expected: T, message?: string): void;
  export function deepEqual<T>(actual: T, expected: T, message?: string): void;
  export function ok(value: unknown, message?: string): void;
  export function match(actual: string, expected: RegExp, message?: string): void;
  export function throws(body: () => unknown): void;
}

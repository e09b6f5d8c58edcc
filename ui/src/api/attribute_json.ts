// SPDX-License-Identifier: Apache-2.0
// Decodes attributes in OTLP's JSON: a value of one of seven types under its name, 64-bit numbers as text.
import type { Attribute, AttributeValue } from "../model/trace";
import { type Json, listOf, numberOf, objectOf, textOf } from "./json";

const kMaxNesting = 32;

export function decodeAttributes(value: unknown, nesting = 0): readonly Attribute[] {
  return listOf(value).map((item) => {
    const attribute = objectOf(item);
    return { key: textOf(attribute["key"]), value: decodeValue(objectOf(attribute["value"]), nesting) };
  });
}

function decodeValue(json: Json, nesting: number): AttributeValue {
  if (nesting > kMaxNesting) return null;
  if ("stringValue" in json) return textOf(json["stringValue"]);
  if ("intValue" in json) return bigintOf(json["intValue"]);
  if ("doubleValue" in json) return doubleOf(json["doubleValue"]);
  if ("boolValue" in json) return json["boolValue"] === true;
  if ("bytesValue" in json) return { bytes: textOf(json["bytesValue"]) };
  if ("arrayValue" in json) {
    const values = listOf(objectOf(json["arrayValue"])["values"]);
    return { list: values.map((value) => decodeValue(objectOf(value), nesting + 1)) };
  }
  if ("kvlistValue" in json) {
    return { map: decodeAttributes(objectOf(json["kvlistValue"])["values"], nesting + 1) };
  }
  return null;
}

function bigintOf(value: unknown): bigint {
  const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : textOf(value);
  return /^-?\d{1,20}$/.test(text) ? BigInt(text) : 0n;
}

/** JSON has no NaN or infinity; protobuf writes them as text. */
export function doubleOf(value: unknown): number {
  if (value === "NaN") return NaN;
  if (value === "Infinity") return Infinity;
  return value === "-Infinity" ? -Infinity : numberOf(value);
}

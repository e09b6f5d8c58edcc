// SPDX-License-Identifier: Apache-2.0
// Decodes the answer of /api/metrics/query_range. Samples a series lacks read as NaN.
import type { Exemplar, InstantSeries, MetricsAnswer } from "../model/metrics";
import { attributeText } from "../model/trace";
import { decodeAttributes, doubleOf } from "./attribute_json";
import { type Json, listOf, numberOf, objectOf, textOf } from "./json";

export function decodeMetrics(json: unknown): MetricsAnswer {
  const body = objectOf(json);
  const series = listOf(body["series"]).map((each) => decodeSeries(objectOf(each)));
  const times = [...new Set(series.flatMap(({ samples }) => [...samples.keys()]))].sort((a, b) => a - b);
  return {
    times,
    series: series.map(({ labels, samples, exemplars }) => ({
      labels,
      values: times.map((time) => samples.get(time) ?? NaN),
      exemplars,
    })),
    message: textOf(body["message"]),
  };
}

/** Of /api/metrics/query: one value for the whole range. */
export function decodeInstant(json: unknown): readonly InstantSeries[] {
  return listOf(objectOf(json)["series"]).map(objectOf).map(({ labels, value }) => (
    { labels: decodeAttributes(labels), value: doubleOf(value) }
  ));
}

function decodeSeries(json: Json) {
  const samples = new Map<number, number>();
  for (const sample of listOf(json["samples"]).map(objectOf)) {
    samples.set(numberOf(sample["timestampMs"]), doubleOf(sample["value"]));
  }
  return {
    labels: decodeAttributes(json["labels"]),
    samples,
    exemplars: listOf(json["exemplars"]).map((exemplar) => decodeExemplar(objectOf(exemplar))),
  };
}

function decodeExemplar(json: Json): Exemplar {
  const trace = decodeAttributes(json["labels"]).find(({ key }) => key === "trace:id");
  return {
    traceId: trace ? attributeText(trace.value) : "",
    time: numberOf(json["timestampMs"]),
    value: doubleOf(json["value"]),
  };
}

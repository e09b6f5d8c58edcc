// SPDX-License-Identifier: Apache-2.0
// Decodes the answer of /api/clew/v1/ledger with a baseline.
import type { AttributeShare, AttributeValue, ChangedVisits, Example, Examples, GrownPart, LeftOutReason, SetComparison, SetFacts, Support } from "../model/set_comparison";
import { type Json, listOf, numberOf, objectOf, textOf } from "./json";
import { decodeCategory, decodeNotes, decodeVerdict } from "./ledger_json";

const kReasons: readonly LeftOutReason[] = ["selected", "identifier", "duration"];

export function decodeSetComparison(json: unknown): SetComparison {
  const body = objectOf(json);
  const difference = objectOf(body["difference"]);
  const [examples, durations] = [objectOf(body["examples"]), objectOf(body["durations"])];
  return {
    verdict: decodeVerdict(body),
    nothingStandsOut: difference["nothingStandsOut"] === true,
    detached: difference["detached"] === true,
    compared: numberOf(difference["compared"]),
    leftOut: numberOf(difference["leftOut"]),
    mix: numberOf(difference["mixNanos"]),
    set: decodeFacts(objectOf(body["set"])),
    rest: decodeFacts(objectOf(body["baseline"])),
    parts: objects(difference["parts"]).map(decodePart),
    visits: [
      ...objects(difference["errors"]).map((each) => decodeVisits("errors", each)),
      ...objects(difference["missing"]).map((each) => decodeVisits("missing", each)),
    ],
    attributes: objects(body["attributes"]).map(decodeAttribute),
    attributesLeftOut: objects(body["attributesLeftOut"]).map((each) => (
      { key: textOf(each["key"]), reason: kReasons.find((reason) => reason === each["reason"]) ?? "identifier" }
    )),
    examples: { set: decodeExamples(objectOf(examples["set"])), rest: decodeExamples(objectOf(examples["baseline"])) },
    durations: {
      from: numberOf(durations["fromNanos"]),
      to: numberOf(durations["toNanos"]),
      set: listOf(durations["set"]).map(numberOf),
      rest: listOf(durations["baseline"]).map(numberOf),
    },
    notes: decodeNotes(body),
  };
}

function objects(value: unknown): readonly Json[] {
  return listOf(value).map(objectOf);
}

export function decodeFacts(json: Json): SetFacts {
  return { traces: numberOf(json["traces"]), newestOnly: json["newestOnly"] === true, mean: numberOf(json["meanNanos"]), median: numberOf(json["p50Nanos"]) };
}

function decodePart(json: Json): GrownPart {
  return {
    label: textOf(json["label"]),
    service: textOf(json["service"]),
    category: decodeCategory(json["category"]),
    now: numberOf(json["meanNanos"]),
    usual: numberOf(json["usualNanos"]),
    low: numberOf(json["growthLowNanos"]),
    high: numberOf(json["growthHighNanos"]),
    standsOut: json["standsOut"] === true,
  };
}

function decodeVisits(kind: ChangedVisits["kind"], json: Json): ChangedVisits {
  return {
    kind,
    where: `${textOf(json["inService"])} ${textOf(json["operation"])}`,
    what: `${textOf(json["missingService"])} ${textOf(json["missingOperation"])}`.trim(),
    share: numberOf(json["share"]),
    usualShare: numberOf(json["usualShare"]),
    visits: numberOf(json["visits"]),
  };
}

function decodeValue(json: Json): AttributeValue {
  const { value } = json;
  return { key: textOf(json["key"]), value: typeof value === "string" ? value : undefined, query: textOf(json["query"]) };
}

function decodeSupport(json: Json): Support {
  return { with: numberOf(json["with"]), traces: numberOf(json["traces"]) };
}

function decodeAttribute(json: Json): AttributeShare {
  return {
    ...decodeValue(json),
    explained: numberOf(json["explained"]),
    riskRatio: numberOf(json["riskRatio"]),
    riskRatioLow: numberOf(json["riskRatioLow"]),
    riskRatioHigh: numberOf(json["riskRatioHigh"]),
    set: decodeSupport(objectOf(json["set"])),
    rest: decodeSupport(objectOf(json["baseline"])),
    copies: objects(json["copies"]).map(decodeValue),
  };
}

function decodeExamples(json: Json): Examples {
  const traces = (value: unknown): readonly Example[] =>
    objects(value).map((each) => ({ traceId: textOf(each["traceId"]), duration: numberOf(each["durationNanos"]) }));
  return { typical: traces(json["typical"]), slowest: traces(json["slowest"]) };
}

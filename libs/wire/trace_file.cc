// SPDX-License-Identifier: Apache-2.0
#include "wire/trace_file.h"

#include <optional>

#include "wire/jaeger_json_scan.h"
#include "wire/json_tree.h"
#include "wire/otlp_json_scan.h"
#include "wire/otlp_json_value.h"
#include "wire/zipkin_json_scan.h"

namespace clew::wire {
namespace {

bool Has(JsonValue object, std::string_view name) {
  JsonMembers member(object);
  while (member.Next()) {
    if (IsJsonField(member.key(), name)) return true;
  }
  return false;
}

// By its first trace or span; an empty list has neither and is anybody's.
std::optional<TraceFileFormat> FormatOf(JsonValue root) {
  if (root.type() == JsonType::kObject) {
    if (Has(root, "resourceSpans")) return TraceFileFormat::kOtlpJson;
    if (Has(root, "data") || Has(root, "spans")) return TraceFileFormat::kJaegerJson;
    return std::nullopt;
  }
  if (root.type() != JsonType::kArray) return std::nullopt;
  JsonElements element(root);
  if (!element.Next()) return TraceFileFormat::kZipkinJson;
  const JsonValue first = element.value();
  if (first.type() == JsonType::kArray) return TraceFileFormat::kZipkinJson;
  if (Has(first, "spans")) return TraceFileFormat::kJaegerJson;
  if (Has(first, "traceId") && Has(first, "id")) return TraceFileFormat::kZipkinJson;
  return std::nullopt;
}

}  // namespace

std::string_view NameOf(TraceFileFormat format) {
  switch (format) {
    case TraceFileFormat::kOtlpJson:
      return "OTLP JSON";
    case TraceFileFormat::kJaegerJson:
      return "Jaeger JSON";
    case TraceFileFormat::kZipkinJson:
      return "Zipkin JSON";
  }
  return {};
}

std::optional<TraceFileFormat> DetectTraceFile(std::string_view json) {
  JsonTree tree;
  ScanFailure ignored;
  if (!tree.Parse(json, ignored)) return std::nullopt;
  return FormatOf(tree.root());
}

base::Status ScanTraceFile(TraceFileFormat format, std::string_view json, model::SpanSink& sink) {
  switch (format) {
    case TraceFileFormat::kOtlpJson:
      return ScanOtlpJson(json, sink);
    case TraceFileFormat::kJaegerJson:
      return ScanJaegerJson(json, sink);
    case TraceFileFormat::kZipkinJson:
      return ScanZipkinJson(json, sink);
  }
  return {};
}

base::Result<TraceFileFormat> ScanTraceFile(std::string_view json, model::SpanSink& sink) {
  JsonTree tree;
  ScanFailure failure;
  if (!tree.Parse(json, failure)) return failure.ToError("json");
  const auto format = FormatOf(tree.root());
  if (!format) {
    return base::Error{
        base::ErrorCode::kInvalidArgument,
        "no traces of a known format: expected OTLP ({\"resourceSpans\": [...]}), Jaeger "
        "({\"data\": [...]}) or Zipkin ([{\"traceId\": ..., \"id\": ...}])"};
  }
  TRY(ScanTraceFile(*format, json, sink));
  return *format;
}

}  // namespace clew::wire

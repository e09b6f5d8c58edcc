// SPDX-License-Identifier: Apache-2.0
#include "ledger_answer.h"

#include <optional>

#include "json_fields.h"

namespace clew {
namespace {

using wire::JsonElements;
using wire::JsonValue;

std::string TextIn(const JsonValue& object, std::string_view key) {
  return TextOf(Member(object, key));
}

uint64_t NumberIn(const JsonValue& object, std::string_view key) {
  return static_cast<uint64_t>(NumberOf(Member(object, key)));
}

std::optional<uint64_t> KnownNumberIn(const JsonValue& object, std::string_view key) {
  const std::optional<JsonValue> value = Member(object, key);
  if (!value || value->is_null()) return std::nullopt;
  return static_cast<uint64_t>(NumberOf(value));
}

LedgerAnswer::Row RowOf(const JsonValue& object) {
  return {.label = TextIn(object, "label"),
          .category = TextIn(object, "category"),
          .nanos = NumberIn(object, "nanos"),
          .drag_nanos = NumberIn(object, "dragNanos"),
          .ambiguous_nanos = NumberIn(object, "ambiguousNanos"),
          .share = NumberIn(object, "share"),
          .span_count = NumberIn(object, "count"),
          .usual_nanos = KnownNumberIn(object, "usualNanos"),
          .depth = NumberIn(object, "depth"),
          .subtree_nanos = NumberIn(object, "subtreeNanos")};
}

// The share of a set that has something.
double ShareIn(const JsonValue& object, std::string_view key) {
  const std::optional<JsonValue> counts = Member(object, key);
  if (!counts) return 0;
  const uint64_t traces = NumberIn(*counts, "traces");
  if (traces == 0) return 0;
  return static_cast<double>(NumberIn(*counts, "with")) / static_cast<double>(traces);
}

LedgerAnswer::Attribute AttributeOf(const JsonValue& object) {
  LedgerAnswer::Attribute attribute{.key = TextIn(object, "key"),
                                    .share = ShareIn(object, "set"),
                                    .usual_share = ShareIn(object, "baseline")};
  const std::optional<JsonValue> value = Member(object, "value");
  if (value && !value->is_null()) attribute.value = TextOf(value);
  if (const auto copies = Member(object, "copies")) {
    JsonElements each(*copies);
    while (each.Next()) ++attribute.copies;
  }
  return attribute;
}

// The most typical trace of a set.
std::optional<LedgerAnswer::Example> ExampleIn(const JsonValue& examples, std::string_view key) {
  const std::optional<JsonValue> set = Member(examples, key);
  const std::optional<JsonValue> typical = set ? Member(*set, "typical") : std::nullopt;
  if (!typical) return std::nullopt;
  JsonElements each(*typical);
  if (!each.Next()) return std::nullopt;
  return LedgerAnswer::Example{.trace_id = TextIn(each.value(), "traceId"),
                               .nanos = NumberIn(each.value(), "durationNanos")};
}

// A note that names a parameter can be answered by it, which is a flag here.
std::string NoteOf(const JsonValue& note) {
  const std::string parameter = TextIn(note, "parameter");
  const std::string text = TextIn(note, "text");
  return parameter.empty() ? text : text + " --" + parameter + " reads more.";
}

}  // namespace

base::Result<LedgerAnswer> ReadLedger(std::string_view json) {
  wire::JsonTree tree;
  wire::ScanFailure failure;
  if (!tree.Parse(json, failure)) {
    return base::Error{base::ErrorCode::kCorruption, "the answer is no JSON"};
  }
  const JsonValue root = tree.root();
  const std::optional<JsonValue> rows = Member(root, "rows"), notes = Member(root, "notes");
  const std::optional<JsonValue> verdict = Member(root, "verdict"), rest = Member(root, "rest");
  if (!rows || !notes || !verdict || !rest) {
    return base::Error{base::ErrorCode::kCorruption, "the answer is no ledger"};
  }
  LedgerAnswer answer{.verdict = TextIn(*verdict, "text"),
                      .start_unix_nano = NumberOf(Member(root, "startUnixNano")),
                      .nanos = NumberIn(root, "durationNanos"),
                      .by_path = TextIn(root, "by") == "path",
                      .rest_rows = NumberIn(*rest, "rows"),
                      .rest_nanos = NumberIn(*rest, "nanos"),
                      .rest_share = NumberIn(*rest, "share")};
  if (const auto set = Member(root, "set")) answer.traces = NumberIn(*set, "traces");
  if (const auto span = Member(root, "root"); span && !span->is_null()) {
    answer.root = TextIn(*span, "service") + " " + TextIn(*span, "operation");
  }
  if (const auto usual = Member(root, "usual"); usual && !usual->is_null()) {
    answer.usual_nanos = KnownNumberIn(*usual, "nanos");
  }
  JsonElements each_row(*rows);
  while (each_row.Next()) answer.rows.push_back(RowOf(each_row.value()));
  if (const auto attributes = Member(root, "attributes")) {
    JsonElements each(*attributes);
    while (each.Next()) answer.attributes.push_back(AttributeOf(each.value()));
  }
  if (const auto examples = Member(root, "examples")) {
    answer.typical = ExampleIn(*examples, "set");
    answer.usual = ExampleIn(*examples, "baseline");
  }
  JsonElements each_note(*notes);
  while (each_note.Next()) answer.notes.push_back(NoteOf(each_note.value()));
  return answer;
}

}  // namespace clew

// SPDX-License-Identifier: Apache-2.0
#include "check/answers.h"

#include <cmath>
#include <optional>

#include "wire/json_scalar.h"
#include "wire/json_tree.h"

namespace clew::check {
namespace {

using wire::JsonElements;
using wire::JsonMembers;
using wire::JsonTree;
using wire::JsonType;
using wire::JsonValue;

// Above it a double does not count.
constexpr double kMostCounted = 0x1p53;

base::Error Unexpected(std::string what) {
  return {base::ErrorCode::kCorruption, "the answer " + std::move(what)};
}

std::optional<JsonValue> Member(const JsonValue& object, std::string_view key) {
  JsonMembers members(object);
  while (members.Next()) {
    if (members.key() == key) return members.value();
  }
  return std::nullopt;
}

base::Result<JsonValue> List(JsonTree& tree, std::string_view json, std::string_view key) {
  wire::ScanFailure failure;
  if (!tree.Parse(json, failure)) return Unexpected("is no JSON");
  const std::optional<JsonValue> list = Member(tree.root(), key);
  if (list && list->type() == JsonType::kArray) return *list;
  return Unexpected("has no list of " + std::string(key));
}

base::Result<double> SumOfSeries(const JsonValue& series) {
  double sum = 0;
  const std::optional<JsonValue> samples = Member(series, "samples");
  if (!samples) return sum;
  JsonElements each(*samples);
  while (each.Next()) {
    const std::optional<JsonValue> value = Member(each.value(), "value");
    if (!value) continue;  // Zero, which protobuf's JSON may leave out.
    const std::optional<double> number = wire::ReadJsonDouble(*value);
    if (!number || !std::isfinite(*number) || *number < 0) {
      return Unexpected("has a sample that is no count");
    }
    sum += *number;
  }
  return sum;
}

}  // namespace

base::Result<std::vector<std::string>> ReadFoundTraces(std::string_view json) {
  JsonTree tree;
  const JsonValue list = TRY(List(tree, json, "traces"));
  std::vector<std::string> ids;
  JsonElements traces(list);
  while (traces.Next()) {
    const std::optional<JsonValue> id = Member(traces.value(), "traceID");
    if (!id || id->type() != JsonType::kString) return Unexpected("has a trace without an id");
    ids.emplace_back(id->text());
  }
  return ids;
}

base::Result<uint64_t> ReadSampleSum(std::string_view json) {
  JsonTree tree;
  const JsonValue list = TRY(List(tree, json, "series"));
  double sum = 0;
  JsonElements series(list);
  while (series.Next()) sum += TRY(SumOfSeries(series.value()));
  if (sum > kMostCounted) return Unexpected("counts more than can be");
  return static_cast<uint64_t>(std::llround(sum));
}

}  // namespace clew::check

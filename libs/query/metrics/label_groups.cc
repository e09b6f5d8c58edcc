// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/label_groups.h"

#include <optional>
#include <utility>

#include "query/eval/value_bytes.h"
#include "traceql/print.h"
#include "traceql/words.h"

namespace clew::query {
namespace {

traceql::Static AsLabel(const Scalar& value) {
  if (const auto* status = std::get_if<SpanStatus>(&value)) {
    return std::string(traceql::TextOf(*status));
  }
  if (const auto* kind = std::get_if<SpanKind>(&value)) return std::string(traceql::TextOf(*kind));
  return StaticOf(value);
}

}  // namespace

AnswerAttribute LabelOf(std::string key, const Value& value) {
  AnswerAttribute label{.key = std::move(key), .values = {}, .is_array = value.is_array};
  value.ForEach([&](const Scalar& one) { label.values.push_back(AsLabel(one)); });
  return label;
}

LabelGroups::LabelGroups(const std::vector<traceql::FieldExpr>& by) : by_(by) {
  for (const traceql::FieldExpr& field : by) names_.push_back(traceql::Print(field));
}

size_t LabelGroups::HashOfKey::operator()(const Key& key) const {
  uint64_t hash = 0;
  for (const ShallowValue& part : key) hash = hash * 31 + part.Hash();
  return hash;
}

base::Result<size_t> LabelGroups::GroupOf(const SelectedSpan& span) {
  if (span.fields.source() != source_) {
    source_ = span.fields.source();
    of_source_.clear();
  }
  values_.clear();
  Key key;
  bool shallow = by_.size() <= key.size();
  for (size_t i = 0; i < by_.size(); ++i) {
    values_.push_back(TRY(span.fields.Get(by_[i]))->Evaluate(span.at));
    const std::optional<ShallowValue> part = ShallowValue::Of(values_.back());
    shallow = shallow && part;
    if (shallow) key[i] = *part;
  }
  if (!shallow) return GroupOf(values_);
  const auto known = of_source_.find(key);
  if (known != of_source_.end()) return known->second;
  const size_t group = GroupOf(values_);
  of_source_.emplace(key, group);
  return group;
}

size_t& LabelGroups::Seen::operator[](std::string_view values) {
  const uint32_t code = values_.Intern(values);
  if (code == groups_.size()) groups_.push_back(kNone);
  return groups_[code];
}

size_t& LabelGroups::Known(const std::vector<Value>& values) {
  if (values.size() == 1 && !values.front().is_array) {
    const auto* const text = std::get_if<std::string_view>(&values.front().scalar);
    if (text != nullptr) return of_string_[*text];
  }
  bytes_.clear();
  for (const Value& value : values) AppendBytes(value, bytes_);
  return of_bytes_[bytes_];
}

// Values of other sources come again and again, and a label costs more than its value.
size_t LabelGroups::GroupOf(const std::vector<Value>& values) {
  size_t& known = Known(values);
  if (known == kNone) known = GroupOfLabels(LabelsOf(values));
  return known;
}

std::vector<AnswerAttribute> LabelGroups::LabelsOf(const std::vector<Value>& values) const {
  std::vector<AnswerAttribute> labels;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!values[i].is_nil()) SetAttribute(labels, LabelOf(names_[i], values[i]));
  }
  if (labels.empty() && !by_.empty())
    labels.push_back({.key = names_.front(), .values = {std::string("nil")}});
  return labels;
}

size_t LabelGroups::GroupOfLabels(std::vector<AnswerAttribute> labels) {
  const auto [group, is_new] = by_text_.try_emplace(LabelText(labels), labels_.size());
  if (is_new) Add(group->first, std::move(labels));
  return group->second;
}

size_t LabelGroups::Join(const LabelGroups& other, size_t group) {
  const auto [ours, is_new] = by_text_.try_emplace(other.text(group), labels_.size());
  if (is_new) Add(ours->first, other.labels(group));
  return ours->second;
}

void LabelGroups::Add(const std::string& text, std::vector<AnswerAttribute> labels) {
  labels_.push_back(std::make_unique<std::vector<AnswerAttribute>>(std::move(labels)));
  texts_.push_back(&text);
}

}  // namespace clew::query

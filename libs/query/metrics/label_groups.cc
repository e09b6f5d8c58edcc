// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/label_groups.h"

#include <bit>
#include <type_traits>
#include <utility>

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

uint64_t BitsOf(const Scalar& value) {
  return std::visit(
      [](const auto& held) -> uint64_t {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, Nil>) {
          return 0;
        } else if constexpr (std::is_same_v<T, double>) {
          return std::bit_cast<uint64_t>(held);
        } else if constexpr (std::is_same_v<T, std::string_view>) {
          return std::bit_cast<uint64_t>(held.data());
        } else if constexpr (std::is_same_v<T, Duration>) {
          return static_cast<uint64_t>(held.ns);
        } else {
          return static_cast<uint64_t>(held);
        }
      },
      value);
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

void LabelGroups::BeginSource(bool texts_last) {
  texts_last_ = texts_last;
  of_source_.clear();
}

size_t LabelGroups::HashOfKey::operator()(const Key& key) const {
  uint64_t hash = 0;
  for (const Key::Part& part : key.parts) {
    hash = (hash ^ part.bits ^ part.type << 56) * 0x9E3779B97F4A7C15;
    hash ^= hash >> 29;
  }
  return hash;
}

base::Result<size_t> LabelGroups::GroupOf(const MeasuredSpan& span) {
  values_.clear();
  Key key;
  bool shallow = texts_last_ && by_.size() <= Key::kMost;
  for (size_t i = 0; i < by_.size(); ++i) {
    const Field* const field = TRY(span.fields.Get(by_[i]));
    values_.push_back(field->Evaluate(span.at));
    const Value& value = values_.back();
    shallow = shallow && !value.is_array;
    if (!shallow) continue;
    const auto* text = std::get_if<std::string_view>(&value.scalar);
    key.parts[i] = {value.scalar.index(), BitsOf(value.scalar), text == nullptr ? 0 : text->size()};
  }
  if (!shallow) return GroupOf(values_);
  const auto known = of_source_.find(key);
  if (known != of_source_.end()) return known->second;
  const size_t group = GroupOf(values_);
  of_source_.emplace(key, group);
  return group;
}

size_t LabelGroups::GroupOf(const std::vector<Value>& values) {
  std::vector<AnswerAttribute> labels;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!values[i].is_nil()) SetLabel(labels, LabelOf(names_[i], values[i]));
  }
  if (labels.empty() && !by_.empty())
    labels.push_back({.key = names_.front(), .values = {std::string("nil")}});
  const auto [group, is_new] = by_text_.try_emplace(LabelText(labels), labels_.size());
  if (is_new) labels_.push_back(std::make_unique<std::vector<AnswerAttribute>>(std::move(labels)));
  return group->second;
}

}  // namespace clew::query

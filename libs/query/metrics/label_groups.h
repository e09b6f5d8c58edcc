// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "query/eval/shallow_value.h"
#include "query/metrics/series.h"
#include "query/selected_span.h"
#include "traceql/ast.h"

namespace clew::query {

// A value as a label has it: words instead of statuses and kinds, because labels are compared
// as texts by those who read them.
AnswerAttribute LabelOf(std::string key, const Value& value);

// Sorts spans into groups by what `by` is for them. Labels without a value are left out, but
// for the first when none has one, which is then "nil". One thread.
class LabelGroups {
 public:
  // `by` outlives it.
  explicit LabelGroups(const std::vector<traceql::FieldExpr>& by);

  // The number of the group, from 0 on; a new one has the number of groups there were.
  base::Result<size_t> GroupOf(const SelectedSpan& span);
  const std::vector<AnswerAttribute>& labels(size_t group) const { return *labels_[group]; }
  size_t size() const { return labels_.size(); }

 private:
  static constexpr size_t kMostFields = 5;  // of a by()
  using Key = std::array<ShallowValue, kMostFields>;
  struct HashOfKey {
    size_t operator()(const Key& key) const;
  };
  size_t GroupOf(const std::vector<Value>& values);
  size_t GroupOfLabels(const std::vector<Value>& values);

  const std::vector<traceql::FieldExpr>& by_;
  std::vector<std::string> names_;
  std::unordered_map<Key, size_t, HashOfKey> of_source_;
  std::unordered_map<std::string, size_t> by_bytes_;  // of the values, without their labels
  std::unordered_map<std::string, size_t> by_text_;
  std::vector<std::unique_ptr<std::vector<AnswerAttribute>>> labels_;
  std::vector<Value> values_;  // of the span in hand
  std::string bytes_;          // of these
  uint64_t source_ = 0;        // of of_source_
};

}  // namespace clew::query

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

#include "query/metrics/measured_span.h"
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

  // As of a SpanMeasure.
  void BeginSource(bool texts_last);
  // The number of the group, from 0 on; a new one has the number of groups there were.
  base::Result<size_t> GroupOf(const MeasuredSpan& span);
  const std::vector<AnswerAttribute>& labels(size_t group) const { return *labels_[group]; }
  size_t size() const { return labels_.size(); }

 private:
  // Values of one source, texts by where they lie: equal keys are equal values.
  struct Key {
    static constexpr size_t kMost = 5;  // fields of a by()
    struct Part {
      uint64_t type = 0, bits = 0, size = 0;
      bool operator==(const Part&) const = default;
    };
    std::array<Part, kMost> parts{};
    bool operator==(const Key&) const = default;
  };
  struct HashOfKey {
    size_t operator()(const Key& key) const;
  };
  size_t GroupOf(const std::vector<Value>& values);

  const std::vector<traceql::FieldExpr>& by_;
  std::vector<std::string> names_;
  std::unordered_map<Key, size_t, HashOfKey> of_source_;
  std::unordered_map<std::string, size_t> by_text_;
  std::vector<std::unique_ptr<std::vector<AnswerAttribute>>> labels_;
  std::vector<Value> values_;  // of the span in hand
  bool texts_last_ = false;
};

}  // namespace clew::query

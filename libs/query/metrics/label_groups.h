// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "query/eval/shallow_value.h"
#include "query/metrics/series.h"
#include "query/selected_span.h"
#include "store/dictionary.h"
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
  // That of spans for which `by` is `values`.
  size_t GroupOf(const std::vector<Value>& values);
  // That of a group of another, by its labels alone.
  size_t Join(const LabelGroups& other, size_t group);
  const std::vector<AnswerAttribute>& labels(size_t group) const { return *labels_[group]; }
  // These as a text.
  const std::string& text(size_t group) const { return *texts_[group]; }
  size_t size() const { return labels_.size(); }

 private:
  static constexpr size_t kMostFields = 5;  // of a by()
  static constexpr size_t kNone = std::numeric_limits<size_t>::max();
  using Key = std::array<ShallowValue, kMostFields>;
  struct HashOfKey {
    size_t operator()(const Key& key) const;
  };
  // Groups by values that were seen.
  class Seen {
   public:
    // Where the group is kept, kNone when it is new.
    size_t& operator[](std::string_view values);

   private:
    store::Dictionary values_;
    std::vector<size_t> groups_;  // by code
  };
  // Where the group of the values is kept, kNone when it is new.
  size_t& Known(const std::vector<Value>& values);
  std::vector<AnswerAttribute> LabelsOf(const std::vector<Value>& values) const;
  size_t GroupOfLabels(std::vector<AnswerAttribute> labels);
  // A new group; `text` is its key in by_text_.
  void Add(const std::string& text, std::vector<AnswerAttribute> labels);

  const std::vector<traceql::FieldExpr>& by_;
  std::vector<std::string> names_;
  std::unordered_map<Key, size_t, HashOfKey> of_source_;
  Seen of_bytes_;   // of values
  Seen of_string_;  // where `by` is one field, and a string
  std::unordered_map<std::string, size_t> by_text_;
  std::vector<std::unique_ptr<std::vector<AnswerAttribute>>> labels_;
  std::vector<const std::string*> texts_;  // keys of by_text_
  std::vector<Value> values_;              // of the span in hand
  std::string bytes_;                      // of these
  uint64_t source_ = 0;                    // of of_source_
};

}  // namespace clew::query

// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/value_counts.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>

#include "base/stable_sort.h"
#include "query/eval/value_bytes.h"
#include "query/metrics/label_groups.h"
#include "query/metrics/series.h"

namespace clew::query {
namespace {

// Of values that come once, when there is no room for all, one in so many begins.
constexpr uint32_t kBegunOf = 16;
// What is kept of a value beside its bytes.
constexpr uint64_t kBytesOfValue = 128;

bool IsEmptyText(const Value& value) {
  return !value.is_array && value.scalar == Scalar(std::string_view(""));
}

}  // namespace

bool IntervalCounts::Add(uint32_t interval, uint32_t count) {
  total += count;
  // Spans come nearly in order, so its place is at the end or close to it.
  auto place = of_interval.end();
  while (place != of_interval.begin() && std::prev(place)->first > interval) --place;
  if (place != of_interval.begin() && std::prev(place)->first == interval) {
    std::prev(place)->second += count;
    return false;
  }
  of_interval.insert(place, {interval, count});
  return true;
}

void IntervalCounts::Add(const IntervalCounts& other) {
  for (const auto& [interval, count] : other.of_interval) Add(interval, count);
}

base::Status ValueCounts::Charge(uint64_t bytes) const {
  return MemoryBudget::Charge(memory_, bytes,
                              "compare() meets very many different values; narrow the filter or "
                              "the time range");
}

base::Status ValueCounts::AddIn(uint32_t interval, uint32_t count, IntervalCounts& counts) const {
  // A vector that grows has room for as much again.
  if (!counts.Add(interval, count)) return {};
  return Charge(2 * sizeof(counts.of_interval.front()));
}

base::Status ValueCounts::Add(const Value& value, uint32_t interval, uint32_t count) {
  if (value.is_nil() || IsEmptyText(value)) return {};
  TRY(AddIn(interval, count, all_));
  bytes_.clear();
  AppendBytes(value, bytes_);
  const auto known = of_value_.find(bytes_);
  if (known != of_value_.end()) return AddIn(interval, count, known->second);
  if (of_value_.size() >= kMostValues) {
    if (count == 1 && ++passed_over_ % kBegunOf != 0) return {};
    Prune();
  }
  IntervalCounts& counts = of_value_[bytes_];
  TRY(Charge(BytesOf(bytes_, counts)));
  return AddIn(interval, count, counts);
}

uint64_t ValueCounts::BytesOf(const std::string& bytes, const IntervalCounts& counts) {
  return kBytesOfValue + bytes.size() +
         2 * counts.of_interval.size() * sizeof(counts.of_interval.front());
}

void ValueCounts::Prune() {
  std::vector<uint64_t> totals;
  totals.reserve(of_value_.size());
  for (const auto& [bytes, counts] : of_value_) totals.push_back(counts.total);
  const auto middle = totals.begin() + static_cast<ptrdiff_t>(totals.size() / 2);
  std::ranges::nth_element(totals, middle);
  size_t left = totals.size() / 2;  // to be forgotten
  uint64_t freed = 0;
  std::erase_if(of_value_, [&](const auto& entry) {
    const auto& [bytes, counts] = entry;
    if (left == 0 || counts.total > *middle) return false;
    --left;
    freed += BytesOf(bytes, counts);
    return true;
  });
  MemoryBudget::Release(memory_, freed);
}

std::vector<ValueCounts::Counted> ValueCounts::MostFrequent(const std::string& name,
                                                            size_t count) const {
  // Values that are told by one text are one here.
  std::map<std::string, Counted> by_text;
  for (const auto& [bytes, counts] : of_value_) {
    AnswerAttribute label = LabelOf(name, ValueOfBytes(bytes));
    std::string text = ValueText(label);
    Counted& counted = by_text[std::move(text)];
    counted.label = std::move(label);
    counted.counts.Add(counts);
  }
  std::vector<std::pair<uint64_t, Counted*>> ranked;  // by text
  ranked.reserve(by_text.size());
  for (auto& [text, counted] : by_text) ranked.emplace_back(counted.counts.total, &counted);
  base::StableSort(ranked,
                   [](const auto& left, const auto& right) { return left.first > right.first; });
  if (ranked.size() > count) ranked.resize(count);
  std::vector<Counted> most;
  most.reserve(ranked.size());
  for (const auto& [total, counted] : ranked) most.push_back(std::move(*counted));
  return most;
}

}  // namespace clew::query

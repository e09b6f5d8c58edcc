// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "query/condition.h"
#include "query/time_range.h"

// The words of printed plans.
namespace clew::query {

// Lines, each a name and what there is to say under it.
class PlanText {
 public:
  void Add(std::string_view name, std::string_view value) {
    text_.append(name).append(name.size() < kWidth ? kWidth - name.size() : 1, ' ');
    text_.append(value).append("\n");
  }
  std::string Take() { return std::move(text_); }

 private:
  static constexpr size_t kWidth = 12;
  std::string text_;
};

// As it would stand in a query; "all spans" and "no span" where it asks nothing.
std::string Print(const Condition& condition);
// Which spans are in it: "from … to …".
std::string Print(const TimeRange& range);
// How far from it the traces of these spans reach.
std::string HorizonText(const TimeRange& range);
// "1h30m".
std::string DurationText(int64_t ns);
// "1 span", "2,000 spans".
std::string Count(uint64_t count, std::string_view noun);

}  // namespace clew::query

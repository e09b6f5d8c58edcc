// SPDX-License-Identifier: Apache-2.0
#include "ledger/amount_text.h"

#include <array>
#include <string_view>

namespace clew::ledger {
namespace {

struct Unit {
  std::string_view name;
  uint64_t nanos;
};
constexpr std::array<Unit, 4> kUnits = {
    {{"s", 1'000'000'000}, {"ms", 1'000'000}, {"µs", 1'000}, {"ns", 1}}};

// `nanos` in units of `unit`, with `digits` behind the point, all of them as one number.
uint64_t Rounded(uint64_t nanos, uint64_t unit, int digits) {
  for (; digits > 0 && unit % 10 == 0; --digits) unit /= 10;
  return nanos / unit + (nanos % unit >= (unit + 1) / 2 && unit > 1 ? 1 : 0);
}

}  // namespace

std::string AmountText(uint64_t nanos) {
  for (size_t i = 0; i < kUnits.size(); ++i) {
    const Unit& unit = kUnits[i];
    const bool last = i + 1 == kUnits.size();
    // What rounds up to a whole of the unit is told in it.
    if (!last && Rounded(nanos, kUnits[i + 1].nanos, 0) < 1000) continue;
    int digits = last ? 0 : 2;
    uint64_t rounded = Rounded(nanos, unit.nanos, digits);
    while (digits > 0 && rounded >= 1000) rounded = Rounded(nanos, unit.nanos, --digits);
    std::string text = std::to_string(rounded);
    if (digits > 0) text.insert(text.size() - static_cast<size_t>(digits), ".");
    return text + " " + std::string(unit.name);
  }
  return {};
}

}  // namespace clew::ledger

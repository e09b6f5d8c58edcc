// SPDX-License-Identifier: Apache-2.0
#include "base/time_text.h"

#include <array>
#include <ctime>

namespace clew::base {

std::string TimeText(int64_t unix_nano) {
  constexpr int64_t kSecond = 1'000'000'000;
  // Down, also before 1970.
  const int64_t rest = unix_nano % kSecond;
  const int64_t nanos = rest < 0 ? rest + kSecond : rest;
  const time_t seconds = unix_nano / kSecond - (rest < 0 ? 1 : 0);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  std::string time(text.data(),
                   std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts));
  if (nanos != 0) {
    std::string fraction = std::to_string(kSecond + nanos).substr(1);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    time.append(".").append(fraction);
  }
  return time + "Z";
}

}  // namespace clew::base

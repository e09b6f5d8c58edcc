// SPDX-License-Identifier: Apache-2.0
#include "store/ulid.h"

#include <random>

namespace clew::store {

std::string MakeUlid(int64_t unix_nano) {
  constexpr char kDigits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string ulid;
  const auto milliseconds = static_cast<uint64_t>(unix_nano / 1'000'000);
  for (int shift = 45; shift >= 0; shift -= 5) ulid += kDigits[milliseconds >> shift & 31];
  std::random_device device;
  for (int i = 0; i < 16; ++i) ulid += kDigits[device() & 31];
  return ulid;
}

}  // namespace clew::store

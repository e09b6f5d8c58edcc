// SPDX-License-Identifier: Apache-2.0
// Property: whatever a server answers is read without harm, and an id that is read was there.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "check/answers.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  const auto sum = clew::check::ReadSampleSum(json);
  CHECK(!sum.ok() || sum.value() <= uint64_t{1} << 53);
  const auto traces = clew::check::ReadFoundTraces(json);
  if (!traces.ok() || json.find('\\') != std::string_view::npos) return 0;
  for (const std::string& id : traces.value()) CHECK(json.find(id) != std::string_view::npos);
  return 0;
}

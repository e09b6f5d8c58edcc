// SPDX-License-Identifier: Apache-2.0
// Any bytes as an index: opening and looking up ends. And an index made of the bytes as
// ids has every one of them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "store/trace_id_index.h"

namespace clew::store {
namespace {

base::Result<TraceIdIndex> Open(std::string_view bytes) {
  return TraceIdIndex::Open(
      [bytes](uint64_t offset, uint64_t size) -> base::Result<std::string> {
        return std::string(bytes.substr(std::min<uint64_t>(offset, bytes.size()), size));
      },
      bytes.size());
}

void LookUp(std::string_view bytes) {
  const auto index = Open(bytes);
  if (index.ok()) (void)index.value().Find(model::TraceId()).ok();
  std::vector<model::TraceId> ids;
  for (size_t at = 0; at + 16 <= bytes.size(); at += 16) {
    ids.push_back(model::TraceId::FromBytes(bytes.substr(at, 16)));
  }
  const std::string encoded = EncodeTraceIdIndex(ids, bytes.size());
  const auto own = Open(encoded);
  CHECK(own.ok());
  for (uint32_t i = 0; i < ids.size(); ++i) {
    const auto found = own.value().Find(ids[i]);
    CHECK(found.ok() && std::ranges::binary_search(found.value(), i));
  }
}

}  // namespace
}  // namespace clew::store

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clew::store::LookUp({reinterpret_cast<const char*>(data), size});
  return 0;
}

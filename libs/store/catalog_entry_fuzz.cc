// SPDX-License-Identifier: Apache-2.0
// What is an entry of a catalog, encoded and decoded again, is the same entry. The
// checksum is made right, so that the fuzzer gets behind it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "base/hash.h"
#include "store/catalog_state.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using clew::base::Crc32c;
  std::string bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.size() >= 16) {
    const std::string_view view = bytes;
    std::string checksum;
    clew::base::AppendLittle(checksum, Crc32c(view.substr(16), Crc32c(view.substr(8, 4))));
    bytes.replace(12, 4, checksum);
  }
  const auto entry = clew::store::DecodeCatalogEntry(bytes);
  if (!entry.ok()) return 0;
  const auto again =
      clew::store::DecodeCatalogEntry(clew::store::EncodeCatalogEntry(entry.value()));
  CHECK(again.ok());
  // Entries may hold the same thing in another order; the first encoding settles it.
  const std::string settled = clew::store::EncodeCatalogEntry(again.value());
  CHECK(settled == clew::store::EncodeCatalogEntry(entry.value()));
  clew::store::CatalogState state;
  state.Apply(again.value());
  CHECK(state.Check({}).ok());
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "base/page_memory.h"

#include <sys/mman.h>

#include <new>

#include "base/check.h"

namespace clew::base {
namespace {

// Below this a mapping of its own costs more than the pages it saves.
constexpr size_t kLarge = size_t{64} << 10;
constexpr size_t kPage = size_t{4} << 10;

}  // namespace

void* AllocatePages(size_t bytes) {
  if (bytes < kLarge) return ::operator new(bytes, std::align_val_t{16});
  void* const memory =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(memory != MAP_FAILED);
  // Huge pages would be taken whole for their first byte. Where there are none, none are needed.
  ::madvise(memory, bytes, MADV_NOHUGEPAGE);
  return memory;
}

void FreePages(void* memory, size_t bytes) {
  if (bytes < kLarge) {
    ::operator delete(memory, std::align_val_t{16});
  } else {
    CHECK(::munmap(memory, bytes) == 0);
  }
}

size_t TouchedPages(size_t bytes, size_t used) {
  return bytes < kLarge ? bytes : (used + kPage - 1) / kPage * kPage;
}

}  // namespace clew::base

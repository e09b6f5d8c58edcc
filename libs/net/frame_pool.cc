// SPDX-License-Identifier: Apache-2.0
#include "net/frame_pool.h"

#include <array>
#include <new>

namespace clew::net::task_internal {

namespace {

constexpr size_t kClassBytes = 64;
constexpr size_t kClasses = 16;  // up to 1 KiB
constexpr size_t kMaxKeptBytes = 64 << 10;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kPooled = false;
#elif defined(__has_feature)
constexpr bool kPooled = !(__has_feature(address_sanitizer) || __has_feature(thread_sanitizer));
#else
constexpr bool kPooled = true;
#endif

struct FreeFrameList {
  struct Node {
    Node* next;
  };
  Node* first = nullptr;
  size_t bytes = 0;
};

// Frees what it keeps when its thread ends.
struct Pool {
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
    for (FreeFrameList& list : lists) {
      while (list.first != nullptr) {
        FreeFrameList::Node* const node = list.first;
        list.first = node->next;
        ::operator delete(node);
      }
    }
  }
  std::array<FreeFrameList, kClasses> lists;
};

thread_local Pool pool;

constexpr bool IsPooled(size_t bytes) {
  return kPooled && bytes <= kClasses * kClassBytes;
}
constexpr size_t ClassOf(size_t bytes) {
  return (bytes - 1) / kClassBytes;
}

}  // namespace

void* AllocateFrame(size_t bytes) {
  if (!IsPooled(bytes)) return ::operator new(bytes);
  const size_t size_class = ClassOf(bytes);
  FreeFrameList& list = pool.lists[size_class];
  FreeFrameList::Node* const node = list.first;
  if (node == nullptr) return ::operator new((size_class + 1) * kClassBytes);
  list.first = node->next;
  list.bytes -= (size_class + 1) * kClassBytes;
  return node;
}

void FreeFrame(void* frame, size_t bytes) {
  if (!IsPooled(bytes)) return ::operator delete(frame);
  const size_t size_class = ClassOf(bytes);
  FreeFrameList& list = pool.lists[size_class];
  if (list.bytes >= kMaxKeptBytes) return ::operator delete(frame);
  list.first = new (frame) FreeFrameList::Node{list.first};
  list.bytes += (size_class + 1) * kClassBytes;
}

}  // namespace clew::net::task_internal

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "opentelemetry/context/context_value.h"
#include "opentelemetry/nostd/string_view.h"

namespace opentelemetry::inline v1::context {

// What a request carries through a program. A value: setting a key makes a new
// context and leaves this one as it is, so it can be handed from coroutine to
// coroutine and from thread to thread. Copying costs one reference count.
class Context {
 public:
  Context() = default;
  Context(nostd::string_view key, ContextValue value) noexcept
      : head_(std::make_shared<Entry>(Entry{std::string(key), std::move(value), nullptr})) {}

  Context SetValue(nostd::string_view key, ContextValue value) const noexcept {
    Context changed;
    changed.head_ = std::make_shared<Entry>(Entry{std::string(key), std::move(value), head_});
    return changed;
  }
  // std::monostate when the key is not set.
  ContextValue GetValue(nostd::string_view key) const noexcept {
    const Entry* entry = Find(key);
    return entry != nullptr ? entry->value : ContextValue{};
  }
  bool HasKey(nostd::string_view key) const noexcept { return Find(key) != nullptr; }

  bool operator==(const Context& other) const noexcept { return head_ == other.head_; }

 private:
  struct Entry {
    std::string key;
    ContextValue value;
    std::shared_ptr<const Entry> next;
  };
  const Entry* Find(nostd::string_view key) const noexcept {
    const Entry* entry = head_.get();
    while (entry != nullptr && entry->key != key) entry = entry->next.get();
    return entry;
  }

  std::shared_ptr<const Entry> head_;
};

}  // namespace opentelemetry::inline v1::context

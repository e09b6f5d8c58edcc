// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/context/context.h"

namespace opentelemetry::inline v1::context {

// Proof that a context was attached; detaches it when it goes.
class Token {
 public:
  explicit Token(Context context) noexcept : context_(std::move(context)) {}
  ~Token() noexcept;
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;
  bool operator==(const Context& other) const noexcept { return context_ == other; }

 private:
  Context context_;
};

// Where the current context is kept.
class RuntimeContextStorage {
 public:
  virtual ~RuntimeContextStorage() = default;
  virtual Context GetCurrent() noexcept = 0;
  virtual std::unique_ptr<Token> Attach(const Context& context) noexcept = 0;
  virtual bool Detach(Token& token) noexcept = 0;
};

// The current context of straight-line code: a stack per thread unless another
// storage is set. Code that suspends passes a Context by value instead.
class RuntimeContext {
 public:
  static Context GetCurrent() noexcept;
  static std::unique_ptr<Token> Attach(const Context& context) noexcept;
  // Also detaches what was attached after it. False when it is not attached.
  static bool Detach(Token& token) noexcept;
  static Context SetValue(nostd::string_view key, const ContextValue& value) noexcept {
    return GetCurrent().SetValue(key, value);
  }
  static ContextValue GetValue(nostd::string_view key) noexcept {
    return GetCurrent().GetValue(key);
  }

  // To be called before the first Attach.
  static void SetRuntimeContextStorage(std::shared_ptr<RuntimeContextStorage> storage) noexcept;
};

}  // namespace opentelemetry::inline v1::context

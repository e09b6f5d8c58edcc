// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/context/runtime_context.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace opentelemetry::inline v1::context {
namespace {

class ThreadLocalStorage final : public RuntimeContextStorage {
 public:
  Context GetCurrent() noexcept override { return stack().empty() ? Context() : stack().back(); }
  std::unique_ptr<Token> Attach(const Context& context) noexcept override {
    stack().push_back(context);
    return std::make_unique<Token>(context);
  }
  bool Detach(Token& token) noexcept override {
    const auto found = std::find_if(stack().rbegin(), stack().rend(),
                                    [&](const Context& context) { return token == context; });
    if (found == stack().rend()) return false;
    stack().erase(std::prev(found.base()), stack().end());
    return true;
  }

 private:
  static std::vector<Context>& stack() {
    static thread_local std::vector<Context> contexts;
    return contexts;
  }
};

// Never destroyed: spans may end while the process does.
std::shared_ptr<RuntimeContextStorage>& Storage() {
  static auto* storage =
      new std::shared_ptr<RuntimeContextStorage>(std::make_shared<ThreadLocalStorage>());
  return *storage;
}

}  // namespace

Token::~Token() noexcept {
  RuntimeContext::Detach(*this);
}

Context RuntimeContext::GetCurrent() noexcept {
  return Storage()->GetCurrent();
}

std::unique_ptr<Token> RuntimeContext::Attach(const Context& context) noexcept {
  return Storage()->Attach(context);
}

bool RuntimeContext::Detach(Token& token) noexcept {
  return Storage()->Detach(token);
}

void RuntimeContext::SetRuntimeContextStorage(
    std::shared_ptr<RuntimeContextStorage> storage) noexcept {
  Storage() = std::move(storage);
}

}  // namespace opentelemetry::inline v1::context

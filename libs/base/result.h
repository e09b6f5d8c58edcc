// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace clew::base {

// What went wrong, in terms a caller can act on. The code decides the HTTP or
// gRPC status; the message is for people.
enum class ErrorCode : uint8_t {
  kInvalidArgument,  // What was sent is wrong; sending it again will not help.
  kUnsupported,      // Well formed, but of a kind this program does not handle.
  kNotFound,
  kTooLarge,   // Over a limit of one request.
  kExhausted,  // Over a limit of the moment; may be tried again later.
  kDeadlineExceeded,
  kCancelled,
  kUnavailable,  // The other side is not there, or not there yet.
  kCorruption,   // Stored bytes are not what was written.
  kIo,
};

struct Error {
  ErrorCode code;
  std::string message;
};

inline Error Invalid(std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message)};
}

inline Error Corrupt(std::string message) {
  return {ErrorCode::kCorruption, std::move(message)};
}

// A value, or the reason there is none. Ignoring one is a compile error. A module whose
// errors say more than a code and a message has an error type of its own.
template <typename T, typename E = Error>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(E error) : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  T& value() & {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    assert(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  E&& error() && {
    assert(!ok());
    return std::move(*std::get_if<1>(&state_));
  }
  const E& error() const& {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, E> state_;
};

template <>
class [[nodiscard]] Result<void> : public Result<std::monostate> {
 public:
  Result() : Result<std::monostate>(std::monostate{}) {}
  Result(Error error)  // NOLINT(google-explicit-constructor)
      : Result<std::monostate>(std::move(error)) {}
};

using Status = Result<void>;

}  // namespace clew::base

// Evaluates to the value of a Result, or returns its error from this function.
#define TRY(expression)                                           \
  __extension__({                                                 \
    auto try_result_ = (expression);                              \
    if (!try_result_.ok()) return std::move(try_result_).error(); \
    std::move(try_result_).value();                               \
  })

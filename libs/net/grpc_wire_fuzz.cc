// SPDX-License-Identifier: Apache-2.0
//
// Property: a gRPC message is the same however it was cut on its way, no longer than its limit,
// and an error is the same error; what is encoded is decoded to what it was; a timeout is read
// as it is written.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "net/grpc_wire.h"

namespace {

using clew::net::GrpcMessageReader;

constexpr size_t kLimitBytes = 1000;

void Require(bool holds) {
  if (!holds) std::abort();
}

// What becomes of bytes that come in pieces of that size.
struct Outcome {
  std::optional<clew::base::ErrorCode> error{};
  std::string message{};
  bool compressed = false;
  bool operator==(const Outcome&) const = default;
};
Outcome Read(std::string_view bytes, size_t piece_bytes) {
  GrpcMessageReader reader(kLimitBytes);
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, piece_bytes);
    const clew::base::Status fed = reader.Feed(piece);
    if (!fed.ok()) return {.error = fed.error().code};
    bytes.remove_prefix(piece.size());
  }
  const clew::base::Status complete = reader.CheckComplete();
  if (!complete.ok()) return {.error = complete.error().code};
  return {.error = {}, .message = reader.TakeMessage(), .compressed = reader.compressed()};
}

void CheckMessage(std::string_view bytes) {
  const Outcome whole = Read(bytes, bytes.size() + 1);
  Require(whole.message.size() <= kLimitBytes);
  Require(whole == Read(bytes, 1));
  Require(whole == Read(bytes, 7));
  if (whole.error) return;
  Require(clew::net::GrpcPrefix(whole.message.size(), whole.compressed) + whole.message == bytes);
}

void CheckText(std::string_view text) {
  Require(clew::net::DecodeBase64(clew::net::EncodeBase64(text)) == text);
  (void)clew::net::DecodeBase64(text);
  for (const char c : clew::net::EncodeGrpcMessage(text)) Require(c >= ' ' && c <= '~');
  if (const auto timeout = clew::net::ParseGrpcTimeout(text)) {
    Require(timeout->count() >= 0);
    const auto again = clew::net::ParseGrpcTimeout(clew::net::FormatGrpcTimeout(*timeout));
    Require(again.has_value() && *again <= *timeout);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CheckMessage(bytes);
  CheckText(bytes);
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// The first byte chooses the message. Properties: an error is kInvalidArgument; a parameter
// comes once; what is read takes no more than a few times the bytes it was read from; a
// field that nobody knows changes nothing.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "serve/streaming/streaming_request.h"

namespace {

using clew::base::Result;
using clew::serve::ApiRequest;

constexpr Result<ApiRequest> (*kDecoders[])(std::string_view) = {
    clew::serve::DecodeSearchRequest, clew::serve::DecodeTagsRequest,
    clew::serve::DecodeTagValuesRequest, clew::serve::DecodeRangeRequest,
    clew::serve::DecodeInstantRequest};
// Field 99, a varint.
constexpr std::string_view kUnknownField = "\x98\x06\x01";
// Of eight parameters: a number of at most 22 characters each.
constexpr size_t kNumbersBytes = size_t{8} * 22;

size_t CheckedBytes(const ApiRequest& request) {
  size_t bytes = request.path_argument.size();
  std::set<std::string> names;
  for (const auto& [name, value] : request.parameters) {
    if (!names.insert(name).second) std::abort();
    bytes += value.size();
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto decode = kDecoders[data[0] % std::size(kDecoders)];
  const std::string message(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Result<ApiRequest> request = decode(message);
  const Result<ApiRequest> again = decode(message + std::string(kUnknownField));
  if (!request.ok()) {
    if (request.error().code != clew::base::ErrorCode::kInvalidArgument) std::abort();
    return 0;
  }
  if (CheckedBytes(request.value()) > 3 * size + kNumbersBytes) std::abort();
  if (!again.ok() || again.value().parameters != request.value().parameters ||
      again.value().path_argument != request.value().path_argument) {
    std::abort();
  }
  return 0;
}

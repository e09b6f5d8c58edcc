// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "model/span_sink.h"
#include "wire/content_encoding.h"

namespace clew::wire {

// The numbers are stored in the WAL and never change meaning.
enum class Format : uint8_t {
  kOtlpProtobuf = 1,
  kJaegerThriftBinary = 2,
  kOtlpJson = 3,
  kJaegerBinaryMessage = 4,
  kJaegerCompactMessage = 5,
  kJaegerProtobuf = 6,
  kZipkinJson = 20,
  kZipkinProtobuf = 21,
  kZipkinJsonV1 = 22,
  kZipkinThriftBinary = 23
};

// What a decoder accepts from given bytes never changes within a version: replay of
// the WAL depends on it. A change of rules adds a version and keeps the old one.
inline constexpr uint16_t kDecoderVersion = 1;

// Reads a plain (decompressed) body of any format into `sink`. kInvalidArgument
// with what was wrong and at which byte when it is malformed; the sink may then
// have seen a part of it, so validate first where that matters. kTooLarge when it is
// more than its format allows.
base::Status Scan(Format format, uint16_t decoder_version, std::string_view plain,
                  model::SpanSink& sink);

// What a body holds, found without storing anything.
struct BodySummary {
  uint64_t accepted_spans = 0;
  uint64_t rejected_spans = 0;
  model::RejectReason first_reject_reason{};  // when rejected_spans > 0
  uint64_t attributes = 0;
  uint64_t text_bytes = 0;  // keys, values and names, an upper bound of what interning keeps
};
base::Result<BodySummary> Validate(Format format, std::string_view plain);

// "trace id must be 16 bytes and not all zero", for partial_success.
std::string_view Describe(model::RejectReason reason);

}  // namespace clew::wire

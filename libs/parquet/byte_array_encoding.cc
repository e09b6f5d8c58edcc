// SPDX-License-Identifier: Apache-2.0
#include "parquet/byte_array_encoding.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "base/check.h"
#include "parquet/delta_encoding.h"
#include "parquet/short_copy.h"

namespace clew::parquet {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

constexpr size_t kMaxFrontCodedBytes = size_t{1} << 30;

// Where each value ends when they are put behind each other.
// REQUIRES: limit_bytes fits uint32_t
Result<std::vector<uint32_t>> EndsOf(std::span<const int32_t> lengths, size_t limit_bytes) {
  std::vector<uint32_t> ends(lengths.size());
  size_t end = 0;
  for (size_t i = 0; i < lengths.size(); ++i) {
    end += static_cast<uint32_t>(lengths[i]);
    if (lengths[i] < 0 || end > limit_bytes) {
      return Error{ErrorCode::kCorruption,
                   "byte array has a wrong length, length and bytes of all: " +
                       std::to_string(lengths[i]) + " " + std::to_string(limit_bytes)};
    }
    ends[i] = static_cast<uint32_t>(end);
  }
  return ends;
}

// Where each value ends when its suffix is put behind its prefix.
Result<std::vector<uint32_t>> EndsOf(std::span<const int32_t> prefixes,
                                     const ByteArrays& suffixes) {
  std::vector<uint32_t> ends(prefixes.size());
  size_t end = 0;
  size_t length = 0;
  for (size_t i = 0; i < prefixes.size(); ++i) {
    // A negative one becomes a large one.
    const size_t prefix = static_cast<uint32_t>(prefixes[i]);
    if (prefix > length) {
      return Error{ErrorCode::kCorruption,
                   "byte array shares more than the one before has: " + std::to_string(prefix)};
    }
    length = prefix + suffixes[i].size();
    end += length;
    if (end > kMaxFrontCodedBytes) {
      return Error{ErrorCode::kTooLarge, "byte arrays of a page are over 1 GiB"};
    }
    ends[i] = static_cast<uint32_t>(end);
  }
  return ends;
}

}  // namespace

void EncodeDeltaLength(const ByteArrays& arrays, size_t first, size_t count, std::string& out) {
  const std::string_view bytes = arrays.BytesOf(first, count);
  CHECK(bytes.size() <= std::numeric_limits<int32_t>::max());
  std::vector<int32_t> lengths(count);
  for (size_t i = 0; i < count; ++i) lengths[i] = static_cast<int32_t>(arrays[first + i].size());
  EncodeDelta<int32_t>(lengths, out);
  out += bytes;
}

Result<ByteArrays> DecodeDeltaLength(std::string_view bytes, size_t count) {
  const std::vector<int32_t> lengths = TRY(DecodeDelta<int32_t>(bytes, count));
  const size_t limit = std::min<size_t>(bytes.size(), std::numeric_limits<uint32_t>::max());
  std::vector<uint32_t> ends = TRY(EndsOf(lengths, limit));
  const size_t size = ends.empty() ? 0 : ends.back();
  return ByteArrays(std::string(bytes.substr(0, size)), std::move(ends));
}

Result<ByteArrays> DecodeDeltaLengthPart(std::string_view bytes, size_t count, Part part) {
  const std::vector<int32_t> lengths = TRY(DecodeDelta<int32_t>(bytes, count));
  const size_t limit = std::min<size_t>(bytes.size(), std::numeric_limits<uint32_t>::max());
  const std::span<const int32_t> all(lengths);
  const std::vector<uint32_t> before = TRY(EndsOf(all.first(part.first), limit));
  const size_t begin = before.empty() ? 0 : before.back();
  std::vector<uint32_t> ends = TRY(EndsOf(all.subspan(part.first, part.count), limit - begin));
  const size_t size = ends.empty() ? 0 : ends.back();
  return ByteArrays(std::string(bytes.substr(begin, size)), std::move(ends));
}

Result<ByteArrays> DecodeDeltaByteArray(std::string_view bytes, size_t count) {
  const std::vector<int32_t> prefixes = TRY(DecodeDelta<int32_t>(bytes, count));
  const ByteArrays suffixes = TRY(DecodeDeltaLength(bytes, count));
  std::vector<uint32_t> ends = TRY(EndsOf(prefixes, suffixes));
  std::string joined(ends.empty() ? 0 : ends.back(), '\0');
  std::string_view left = suffixes.bytes();
  size_t previous = 0;
  size_t at = 0;
  for (size_t i = 0; i < count; ++i) {
    const size_t prefix = static_cast<uint32_t>(prefixes[i]);
    const size_t suffix = suffixes[i].size();
    std::copy_n(joined.data() + previous, prefix, joined.data() + at);
    CopyFront(left, {joined.data() + at + prefix, joined.size() - at - prefix}, suffix);
    left.remove_prefix(suffix);
    previous = at;
    at += prefix + suffix;
  }
  return ByteArrays(std::move(joined), std::move(ends));
}

}  // namespace clew::parquet

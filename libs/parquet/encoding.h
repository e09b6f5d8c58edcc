// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "parquet/values.h"

// Values and levels as the bytes of a page, before compression.
// Source: github.com/apache/parquet-format, Encodings.md. All are pure functions.
// Decoders take bytes from outside: what they are given is checked, kCorruption
// says what is wrong, and no memory is taken that the bytes do not pay for (a count
// in a header is believed up to `count`, the number of values the caller expects and
// bounds: a run of a few bytes stands for any number of values).
namespace clew::parquet {

// Encodings, numbered as in the format.
enum class Encoding : uint8_t {
  kPlain = 0,
  kPlainDictionary = 2,  // of old files: as kRleDictionary
  kRle = 3,
  kDeltaBinaryPacked = 5,
  kDeltaLengthByteArray = 6,
  kDeltaByteArray = 7,
  kRleDictionary = 8,
  kByteStreamSplit = 9
};

constexpr bool IsDictionary(Encoding encoding) {
  return encoding == Encoding::kRleDictionary || encoding == Encoding::kPlainDictionary;
}

// One page or dictionary of values.
struct EncodedValues {
  Type type = Type::kInt64;
  uint32_t type_length = 0;  // bytes of a FIXED_LEN_BYTE_ARRAY
  Encoding encoding = Encoding::kPlain;
  size_t count = 0;
  std::string_view bytes;
};

// Those [first, first + count) of a page, of whatever they are counted by.
struct Part {
  size_t first = 0;
  size_t count = 0;
  size_t end() const { return first + count; }
};

// Values [first, first + count) of `values`, which it borrows.
struct ValueRange {
  const Values& values;
  Type type;
  size_t first = 0;
  size_t count = 0;
};

// Appends the values of the range to `out`.
// REQUIRES: the encoding is one that the type has: kPlain for all, kRle for
// booleans, kDeltaBinaryPacked for int32 and int64, kDeltaLengthByteArray for
// BYTE_ARRAY, kByteStreamSplit for int32, int64, double and fixed. kFloat and kInt96
// are never written. Booleans are 0 or 1; the bytes of a range fit 2 GiB.
void EncodeValues(const ValueRange& range, Encoding encoding, std::string& out);

// All encodings above but the dictionary ones, of every type that the format allows
// them for (kFloat gives doubles, kInt96 is refused). kUnsupported names a
// combination that is not known, kTooLarge says that kDeltaByteArray values are over
// 1 GiB. Bytes behind the last value are not looked at, but kByteStreamSplit is exact.
base::Result<Values> DecodeValues(const EncodedValues& encoded);

// A part of them alone, for less than all would cost where the encoding allows that. What
// stands outside of it may be damaged without an error. REQUIRES: part.end() <= encoded.count
base::Result<Values> DecodeValuesPart(const EncodedValues& encoded, Part part);

// RLE / bit-packed hybrid: how levels and dictionary codes travel. Codes are
// written with a leading byte for their width, which may be more than they need; levels
// are not (their width follows from the schema), and the length prefix of data page v1
// levels is the caller's.
// REQUIRES: numbers and codes fit their width, levels are at most the highest; at most
// 2^30 of them.
void EncodeHybrid(std::span<const uint32_t> values, uint32_t bit_width, std::string& out);
base::Result<std::vector<uint32_t>> DecodeHybrid(std::string_view bytes, uint32_t bit_width,
                                                 size_t count);
// Of a highest level of 0 nothing is stored, and all levels are 0.
void EncodeLevels(std::span<const uint8_t> levels, uint8_t highest, std::string& out);
base::Result<std::vector<uint8_t>> DecodeLevels(std::string_view bytes, uint8_t highest,
                                                size_t count);
// Whether they are levels of so many entries and of no more, as EncodeLevels writes them: others
// may fill the last group with anything. REQUIRES: highest > 0
bool AreLevelsOf(std::string_view bytes, uint8_t highest, size_t count);
// Levels of a part, and how many before it are the highest. As DecodeValuesPart.
struct LevelsPart {
  std::vector<uint8_t> levels;
  size_t highest_before = 0;
};
base::Result<LevelsPart> DecodeLevelsPart(std::string_view bytes, uint8_t highest, Part part);
// The least bits for codes of a dictionary of so many values.
uint32_t WidthOfCodes(uint32_t dictionary_size);
void EncodeCodes(std::span<const uint32_t> codes, uint32_t bit_width, std::string& out);
// Every code is below dictionary_size.
base::Result<std::vector<uint32_t>> DecodeCodes(std::string_view bytes, uint32_t dictionary_size,
                                                size_t count);
base::Result<std::vector<uint32_t>> DecodeCodesPart(std::string_view bytes,
                                                    uint32_t dictionary_size, Part part);

}  // namespace clew::parquet

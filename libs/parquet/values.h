// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace clew::parquet {

// Physical types, numbered as in the format.
enum class Type : uint8_t {
  kBoolean = 0,
  kInt32 = 1,
  kInt64 = 2,
  kInt96 = 3,  // never written; refused when read
  kFloat = 4,  // never written; read as double
  kDouble = 5,
  kByteArray = 6,
  kFixedLenByteArray = 7
};

// Strings one behind the other; of a FIXED_LEN_BYTE_ARRAY all are of one length.
// The end of each is kept, so value i is [ends[i-1], ends[i]).
class ByteArrays {
 public:
  ByteArrays() = default;
  // REQUIRES: ends rise, and the last is bytes.size()
  ByteArrays(std::string bytes, std::vector<uint32_t> ends)
      : bytes_(std::move(bytes)), ends_(std::move(ends)) {}
  // `bytes` cut into values of `length` each.
  // REQUIRES: length > 0, and it divides bytes.size()
  static ByteArrays OfLength(std::string bytes, uint32_t length);

  size_t size() const { return ends_.size(); }
  size_t size_bytes() const { return bytes_.size() + ends_.size() * sizeof(uint32_t); }
  std::string_view operator[](size_t i) const {
    const size_t begin = i == 0 ? 0 : ends_[i - 1];
    return {bytes_.data() + begin, ends_[i] - begin};
  }
  // REQUIRES: all bytes together fit uint32_t
  void push_back(std::string_view value) {
    bytes_.append(value);
    ends_.push_back(static_cast<uint32_t>(bytes_.size()));
  }
  // REQUIRES: all bytes together fit uint32_t
  void Append(const ByteArrays& more) {
    const auto begin = static_cast<uint32_t>(bytes_.size());
    bytes_.append(more.bytes_);
    for (const uint32_t end : more.ends_) ends_.push_back(begin + end);
  }
  void Reserve(size_t values, size_t bytes) {
    ends_.reserve(values);
    bytes_.reserve(bytes);
  }
  // All together, and those of `count` values from `first` on.
  const std::string& bytes() const { return bytes_; }
  std::string_view BytesOf(size_t first, size_t count) const {
    if (count == 0) return {};
    const size_t begin = first == 0 ? 0 : ends_[first - 1];
    return {bytes_.data() + begin, ends_[first + count - 1] - begin};
  }
  const std::vector<uint32_t>& ends() const { return ends_; }
  bool operator==(const ByteArrays&) const = default;

 private:
  std::string bytes_;
  std::vector<uint32_t> ends_;
};

struct Booleans {
  std::vector<uint8_t> values;  // 0 or 1
  size_t size() const { return values.size(); }
  bool operator==(const Booleans&) const = default;
};

// The values of one column, nulls left out. The alternative goes with the Type:
// kBoolean, kInt32, kInt64, kDouble (and kFloat), and ByteArrays for the last two.
using Values = std::variant<Booleans, std::vector<int32_t>, std::vector<int64_t>,
                            std::vector<double>, ByteArrays>;

inline size_t CountOf(const Values& values) {
  return std::visit([](const auto& of_type) { return of_type.size(); }, values);
}
// No values of that type.
Values EmptyValues(Type type);
// Bytes of a number of that type in a file; 0 when it is of no numbers that are read.
size_t BytesOfNumber(Type type);

// The values of one column chunk by reference to its dictionary.
struct CodedValues {
  Values dictionary;            // each value once
  std::vector<uint32_t> codes;  // of the values that are not null
};

// Entries of a column with their levels. A flat column has one entry a row; a LIST
// one for each element, and one for an empty or absent list. An entry is a value
// when its definition level is the column's highest. Either vector is empty when
// the column's highest level of that kind is 0.
struct Levels {
  std::vector<uint8_t> definition;
  std::vector<uint8_t> repetition;
  bool operator==(const Levels&) const = default;
};

}  // namespace clew::parquet

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/varint.h"

// Thrift's compact protocol, in which Parquet writes its metadata.
// Source: github.com/apache/thrift, thrift-compact-protocol.md.
namespace clew::parquet {

enum class CompactType : uint8_t {
  kStop = 0,
  kTrue = 1,
  kFalse = 2,
  kByte = 3,
  kInt16 = 4,
  kInt32 = 5,
  kInt64 = 6,
  kDouble = 7,
  kBinary = 8,
  kList = 9,
  kSet = 10,
  kMap = 11,
  kStruct = 12
};

// Writes one struct; structs inside it are opened and closed. Fields of a struct come
// in rising order of their ids.
class CompactWriter {
 public:
  void Int16(int16_t id, int64_t value) { Integer(id, CompactType::kInt16, value); }
  void Int32(int16_t id, int64_t value) { Integer(id, CompactType::kInt32, value); }
  void Int64(int16_t id, int64_t value) { Integer(id, CompactType::kInt64, value); }
  void Bool(int16_t id, bool value) {
    Header(id, value ? CompactType::kTrue : CompactType::kFalse);
  }
  void Binary(int16_t id, std::string_view value) {
    Header(id, CompactType::kBinary);
    BinaryElement(value);
  }
  void OpenStruct(int16_t id) {
    Header(id, CompactType::kStruct);
    OpenElement();
  }
  // A struct without fields, as unions have them.
  void EmptyStruct(int16_t id) {
    OpenStruct(id);
    Close();
  }
  void OpenList(int16_t id, CompactType element, size_t size);
  // Elements of the open list.
  void OpenElement() { last_ids_.push_back(0); }
  void IntegerElement(int64_t value) { base::AppendVarint(out_, base::ToZigzag(value)); }
  void BinaryElement(std::string_view value) {
    base::AppendVarint(out_, value.size());
    out_.append(value);
  }
  void BoolElement(bool value) { out_ += static_cast<char>(value ? 1 : 2); }
  // Ends the struct opened last.
  void Close() {
    out_ += '\0';
    last_ids_.pop_back();
  }
  std::string Take() {
    Close();
    return std::move(out_);
  }

 private:
  void Header(int16_t id, CompactType type);
  void Integer(int16_t id, CompactType type, int64_t value) {
    Header(id, type);
    IntegerElement(value);
  }

  std::string out_;
  std::vector<int16_t> last_ids_{0};
};

// Reads structs out of bytes from anywhere: whatever they are, it ends, and failed()
// tells. After a failure everything reads as zero and nothing is visited.
class CompactReader {
 public:
  explicit CompactReader(std::string_view bytes) : rest_(bytes) {}

  // Calls `on_field(id, type)` for each field of the struct that comes; it reads the
  // value or calls Skip(type).
  template <typename OnField>
  void Struct(OnField on_field) {
    if (++depth_ > kMaxDepth) Fail();
    int16_t id = 0;
    while (!failed_) {
      const CompactType type = NextField(id);
      if (type == CompactType::kStop) break;
      on_field(id, type);
    }
    --depth_;
  }
  // Calls `on_element(type)` for each element of the list that comes.
  template <typename OnElement>
  void List(OnElement on_element) {
    if (++depth_ > kMaxDepth) Fail();
    CompactType type{};
    const uint64_t size = ListHeader(type);
    for (uint64_t i = 0; i < size && !failed_; ++i) on_element(type);
    --depth_;
  }
  int64_t Integer();
  std::string_view Binary();
  bool BoolElement() { return Byte() == 1; }
  void Skip(CompactType type);

  bool failed() const { return failed_; }
  // What is behind the struct.
  std::string_view rest() const { return rest_; }

 private:
  static constexpr int kMaxDepth = 64;
  CompactType NextField(int16_t& id);
  uint64_t ListHeader(CompactType& type);
  uint8_t Byte();
  uint64_t Varint();
  void Fail() {
    failed_ = true;
    rest_ = {};
  }
  void SkipBytes(uint64_t size);
  void SkipElement(CompactType type);

  std::string_view rest_;
  int depth_ = 0;
  bool failed_ = false;
};

}  // namespace clew::parquet

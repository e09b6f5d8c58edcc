// SPDX-License-Identifier: Apache-2.0
#include "parquet/thrift_compact.h"

#include "base/check.h"

namespace clew::parquet {

void CompactWriter::Header(int16_t id, CompactType type) {
  int16_t& last = last_ids_.back();
  CHECK(id > last);
  const int delta = id - last;
  if (delta <= 15) {
    out_ += static_cast<char>(delta << 4 | static_cast<int>(type));
  } else {
    out_ += static_cast<char>(type);
    base::AppendVarint(out_, base::ToZigzag(id));
  }
  last = id;
}

void CompactWriter::OpenList(int16_t id, CompactType element, size_t size) {
  Header(id, CompactType::kList);
  if (size < 15) {
    out_ += static_cast<char>(size << 4 | static_cast<size_t>(element));
  } else {
    out_ += static_cast<char>(0xf0 | static_cast<int>(element));
    base::AppendVarint(out_, size);
  }
}

uint8_t CompactReader::Byte() {
  if (rest_.empty()) {
    Fail();
    return 0;
  }
  const auto byte = static_cast<uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return byte;
}

uint64_t CompactReader::Varint() {
  const std::optional<uint64_t> value = base::TakeVarint(rest_);
  if (!value) Fail();
  return value.value_or(0);
}

CompactType CompactReader::NextField(int16_t& id) {
  const uint8_t header = Byte();
  const auto type = static_cast<CompactType>(header & 0x0f);
  if (failed_ || type == CompactType::kStop) return CompactType::kStop;
  if (type > CompactType::kStruct) {
    Fail();
    return CompactType::kStop;
  }
  const int delta = header >> 4;
  id = static_cast<int16_t>(delta != 0 ? id + delta : base::FromZigzag(Varint()));
  return failed_ ? CompactType::kStop : type;
}

uint64_t CompactReader::ListHeader(CompactType& type) {
  const uint8_t header = Byte();
  type = static_cast<CompactType>(header & 0x0f);
  uint64_t size = header >> 4;
  if (size == 15) size = Varint();
  // An element takes a byte or more.
  if (failed_ || type == CompactType::kStop || type > CompactType::kStruct || size > rest_.size()) {
    Fail();
    return 0;
  }
  return size;
}

int64_t CompactReader::Integer() {
  return base::FromZigzag(Varint());
}

std::string_view CompactReader::Binary() {
  const uint64_t size = Varint();
  if (failed_ || size > rest_.size()) {
    Fail();
    return {};
  }
  const std::string_view bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return bytes;
}

void CompactReader::SkipBytes(uint64_t size) {
  if (size > rest_.size()) return Fail();
  rest_.remove_prefix(size);
}

// Booleans in a list take a byte each.
void CompactReader::SkipElement(CompactType type) {
  if (type == CompactType::kTrue || type == CompactType::kFalse) return SkipBytes(1);
  Skip(type);
}

void CompactReader::Skip(CompactType type) {
  switch (type) {
    case CompactType::kStop:
    case CompactType::kTrue:
    case CompactType::kFalse:
      return;
    case CompactType::kByte:
      return SkipBytes(1);
    case CompactType::kInt16:
    case CompactType::kInt32:
    case CompactType::kInt64:
      Varint();
      return;
    case CompactType::kDouble:
      return SkipBytes(8);
    case CompactType::kBinary:
      Binary();
      return;
    case CompactType::kList:
    case CompactType::kSet:
      return List([this](CompactType element) { SkipElement(element); });
    case CompactType::kMap: {
      const uint64_t size = Varint();
      if (size == 0 || failed_) return;
      if (size > rest_.size() || ++depth_ > kMaxDepth) return Fail();
      const uint8_t types = Byte();
      for (uint64_t i = 0; i < size && !failed_; ++i) {
        SkipElement(static_cast<CompactType>(types >> 4));
        SkipElement(static_cast<CompactType>(types & 0x0f));
      }
      --depth_;
      return;
    }
    case CompactType::kStruct:
      return Struct([this](int16_t, CompactType field) { Skip(field); });
  }
  Fail();
}

}  // namespace clew::parquet

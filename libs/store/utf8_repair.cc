// SPDX-License-Identifier: Apache-2.0
// Nested values rest in their OTLP encoding, in which a longer string changes the
// lengths of all messages around it. So a value with strings to repair is written
// anew, from the inside out, with the members that count: of a oneof, and of a
// repeated singular field, the last, which is also what was checked for depth.
//
// Nearly all nested values need nothing: one of ASCII bytes alone cannot hold a
// wrong string and is passed at a glance. The encoding as a whole being UTF-8 would
// not do, for a string that is cut off may be completed by the tag that follows it.
#include "store/utf8_repair.h"

#include <simdjson.h>

#include <algorithm>

#include "wire/protobuf_scan.h"
#include "wire/protobuf_writer.h"

namespace clew::store {
namespace {

using model::ValueView;
using wire::FieldCursor;
using wire::ProtobufWriter;
using wire::Tag;
using wire::WireType;

// The length of the valid UTF-8 sequence at the front of `text`, or 0.
size_t SequenceLength(std::string_view text) {
  const auto first = static_cast<uint8_t>(text[0]);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length == 0 || length > text.size()) return 0;
  return IsUtf8(text.substr(0, length)) ? length : 0;
}

// Writes one value anew. Lives for one RepairNestedUtf8.
class Repairer {
 public:
  void WriteMembers(std::string_view container, ValueView::Type type) {
    FieldCursor field(container, container.data());
    while (field.Next()) {
      if (field.tag() != Tag(1, WireType::kBytes)) continue;
      const size_t opened = out_.Open(1);
      if (type == ValueView::Type::kArray) {
        WriteAnyValue(field.bytes());
      } else {
        WriteKeyValue(field.bytes());
      }
      out_.Close(opened);
    }
  }
  RepairedValue Take() { return {out_.Take(), strings_}; }

 private:
  void WriteString(uint32_t number, std::string_view text) {
    if (IsUtf8(text)) return out_.Bytes(number, text);
    ++strings_;
    out_.Bytes(number, RepairUtf8(text));
  }

  void WriteContainer(uint32_t number, std::string_view container, ValueView::Type type) {
    const size_t opened = out_.Open(number);
    WriteMembers(container, type);
    out_.Close(opened);
  }

  void WriteKeyValue(std::string_view message) {
    std::string_view key;
    std::string_view value;
    FieldCursor field(message, message.data());
    while (field.Next()) {
      if (field.tag() == Tag(1, WireType::kBytes)) key = field.bytes();
      if (field.tag() == Tag(2, WireType::kBytes)) value = field.bytes();
    }
    WriteString(1, key);
    const size_t opened = out_.Open(2);
    WriteAnyValue(value);
    out_.Close(opened);
  }

  void WriteAnyValue(std::string_view message) {
    uint32_t member = 0;  // its tag
    uint64_t number = 0;
    std::string_view bytes;
    FieldCursor field(message, message.data());
    while (field.Next()) {
      switch (field.tag()) {
        case Tag(1, WireType::kBytes):
        case Tag(5, WireType::kBytes):
        case Tag(6, WireType::kBytes):
        case Tag(7, WireType::kBytes):
          member = field.tag();
          bytes = field.bytes();
          break;
        case Tag(2, WireType::kVarint):
        case Tag(3, WireType::kVarint):
        case Tag(4, WireType::kFixed64):
          member = field.tag();
          number = field.integer();
          break;
      }
    }
    switch (member) {
      case Tag(1, WireType::kBytes):
        return WriteString(1, bytes);
      case Tag(2, WireType::kVarint):
        return out_.Varint(2, number);
      case Tag(3, WireType::kVarint):
        return out_.Varint(3, number);
      case Tag(4, WireType::kFixed64):
        return out_.Fixed64(4, number);
      case Tag(5, WireType::kBytes):
        return WriteContainer(5, bytes, ValueView::Type::kArray);
      case Tag(6, WireType::kBytes):
        return WriteContainer(6, bytes, ValueView::Type::kKeyValueList);
      case Tag(7, WireType::kBytes):
        return out_.Bytes(7, bytes);
    }
  }

  ProtobufWriter out_;
  uint64_t strings_ = 0;
};

}  // namespace

bool IsUtf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

std::string RepairUtf8(std::string_view text) {
  std::string repaired;
  while (!text.empty()) {
    const size_t length = SequenceLength(text);
    repaired.append(length == 0 ? "\xef\xbf\xbd" : text.substr(0, length));
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return repaired;
}

RepairedValue RepairNestedUtf8(const ValueView& value) {
  if (std::ranges::all_of(value.text,
                          [](char byte) { return static_cast<uint8_t>(byte) < 0x80; })) {
    return {};
  }
  Repairer repairer;
  repairer.WriteMembers(value.text, value.type);
  return repairer.Take();
}

}  // namespace clew::store

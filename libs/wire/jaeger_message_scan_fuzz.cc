// SPDX-License-Identifier: Apache-2.0
// Property: a message of the compact protocol says what the same message in the binary
// protocol says. And bytes read as a binary message are read without going astray.
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "wire/jaeger_thrift_scan.h"
#include "wire/span_transcript.h"
#include "wire/thrift_compact.h"

namespace {

using clew::wire::ThriftCompactCursor;
using clew::wire::ThriftFields;
using clew::wire::ThriftType;

void AppendBig(uint64_t number, size_t size, std::string& out) {
  while (size-- > 0) out.push_back(static_cast<char>(number >> (8 * size)));
}

void AppendText(std::string_view text, std::string& out) {
  AppendBig(text.size(), 4, out);
  out += text;
}

// What the reader looks at; of other values the size is enough.
void AppendScalar(ThriftCompactCursor& cursor, ThriftType type, std::string& out) {
  switch (type) {
    case ThriftType::kI32:
      return AppendBig(static_cast<uint32_t>(cursor.ReadI32()), 4, out);
    case ThriftType::kI64:
      return AppendBig(static_cast<uint64_t>(cursor.ReadI64()), 8, out);
    case ThriftType::kDouble:
      return AppendBig(std::bit_cast<uint64_t>(cursor.ReadDouble()), 8, out);
    case ThriftType::kString:
      return AppendText(cursor.ReadString(), out);
    default:
      cursor.SkipScalar(type);
      AppendBig(0, type == ThriftType::kI16 ? 2 : 1, out);
  }
}

void AppendValue(ThriftCompactCursor& cursor, ThriftType type, std::string& out);

void AppendFields(ThriftCompactCursor& cursor, std::string& out) {
  ThriftFields fields(cursor);
  while (fields.Next()) {
    const auto type = static_cast<ThriftType>(cursor.field() & 0xff);
    AppendBig(static_cast<uint8_t>(type), 1, out);
    AppendBig(cursor.field() >> 8, 2, out);
    if (type == ThriftType::kBool) {
      AppendBig(cursor.ReadBool() ? 1 : 0, 1, out);
    } else {
      AppendValue(cursor, type, out);
    }
  }
  AppendBig(0, 1, out);
}

void AppendValue(ThriftCompactCursor& cursor, ThriftType type, std::string& out) {
  if (type == ThriftType::kStruct) return AppendFields(cursor, out);
  if (type == ThriftType::kList || type == ThriftType::kSet) {
    const clew::wire::ThriftListHeader list = cursor.ReadListHeader();
    AppendBig(static_cast<uint8_t>(list.element), 1, out);
    AppendBig(static_cast<uint32_t>(list.count), 4, out);
    for (int32_t i = 0; i < list.count; ++i) AppendValue(cursor, list.element, out);
  } else if (type == ThriftType::kMap) {
    const clew::wire::ThriftMapHeader map = cursor.ReadMapHeader();
    AppendBig(static_cast<uint8_t>(map.key), 1, out);
    AppendBig(static_cast<uint8_t>(map.value), 1, out);
    AppendBig(static_cast<uint32_t>(map.count), 4, out);
    for (int32_t i = 0; i < map.count; ++i) {
      AppendValue(cursor, map.key, out);
      AppendValue(cursor, map.value, out);
    }
  } else {
    AppendScalar(cursor, type, out);
  }
}

std::string InBinary(std::string_view compact) {
  ThriftCompactCursor cursor(compact);
  const clew::wire::ThriftMessage message = cursor.ReadMessageHeader();
  std::string out;
  AppendBig(0x80010000 | static_cast<uint32_t>(message.type), 4, out);
  AppendText(message.method, out);
  AppendBig(0, 4, out);
  AppendFields(cursor, out);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  clew::wire::SpanTranscript compact;
  clew::wire::SpanTranscript binary;
  (void)clew::wire::ScanJaegerBinaryMessage(bytes, binary);
  if (!clew::wire::ScanJaegerCompactMessage(bytes, compact).ok()) return 0;
  binary = {};
  if (!clew::wire::ScanJaegerBinaryMessage(InBinary(bytes), binary).ok()) std::abort();
  if (binary.text() != compact.text()) std::abort();
  return 0;
}

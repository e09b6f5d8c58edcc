// SPDX-License-Identifier: Apache-2.0
// Zipkin's Thrift (zipkincore). What it means is said in zipkin_v1_translator.cc.
//
//  Span              1 trace id, 3 name, 4 id, 5 parent id, 6 annotations, 8 binary annotations,
//                    9 debug, 10 timestamp (us), 11 duration (us), 12 trace id high
//  Annotation        1 timestamp (us), 2 value, 3 Endpoint
//  BinaryAnnotation  1 key, 2 value, 3 type, 4 Endpoint
//  Endpoint          1 ipv4, 2 port, 3 service name, 4 ipv6
#include "wire/zipkin_thrift_scan.h"

#include <bit>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/bytes.h"
#include "wire/limits.h"
#include "wire/thrift_binary.h"
#include "wire/zipkin_address.h"
#include "wire/zipkin_groups.h"
#include "wire/zipkin_v1_translator.h"

namespace clew::wire {
namespace {

using model::ValueView;

enum class AnnotationType : int32_t {
  kBool = 0,
  kBytes = 1,
  kI16 = 2,
  kI32 = 3,
  kI64 = 4,
  kDouble = 5,
  kString = 6
};

std::optional<int64_t> NanosOf(int64_t us) {
  if (us < 0 || us > std::numeric_limits<int64_t>::max() / 1000) return std::nullopt;
  return us * 1000;
}

std::string BigEndian(uint64_t number, size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = size; i-- > 0; number >>= 8) bytes[i] = static_cast<char>(number & 0xff);
  return bytes;
}

model::SpanId SpanIdOf(int64_t number) {
  return model::SpanId::FromBytes(BigEndian(static_cast<uint64_t>(number), 8));
}

model::TraceId TraceIdOf(int64_t high, int64_t low) {
  return model::TraceId::FromBytes(BigEndian(static_cast<uint64_t>(high), 8) +
                                   BigEndian(static_cast<uint64_t>(low), 8));
}

// The value of a number's bytes, sign included.
int64_t NumberOf(std::string_view bytes) {
  const bool negative = (static_cast<uint8_t>(bytes.front()) & 0x80) != 0;
  uint64_t number = negative ? UINT64_MAX : 0;
  for (const char byte : bytes) number = number << 8 | static_cast<uint8_t>(byte);
  return static_cast<int64_t>(number);
}

// What has not the size of its type is left as bytes.
ValueView ValueOf(AnnotationType type, std::string_view bytes) {
  const auto has_size = [&](size_t size) { return bytes.size() == size; };
  switch (type) {
    case AnnotationType::kBool:
      if (has_size(1)) return ValueView::Bool(bytes.front() != 0);
      break;
    case AnnotationType::kI16:
      if (has_size(2)) return ValueView::Int(NumberOf(bytes));
      break;
    case AnnotationType::kI32:
      if (has_size(4)) return ValueView::Int(NumberOf(bytes));
      break;
    case AnnotationType::kI64:
      if (has_size(8)) return ValueView::Int(NumberOf(bytes));
      break;
    case AnnotationType::kDouble:
      if (has_size(8)) return ValueView::Double(std::bit_cast<double>(NumberOf(bytes)));
      break;
    case AnnotationType::kString:
      return ValueView::String(bytes);
    case AnnotationType::kBytes:
      break;
  }
  return ValueView::Bytes(bytes);
}

ZipkinEndpoint ReadEndpoint(ThriftBinaryCursor& cursor) {
  ZipkinEndpoint endpoint;
  uint32_t ipv4 = 0;
  std::string_view ipv6;
  ThriftFields fields(cursor);
  while (fields.Next()) {
    switch (cursor.field()) {
      case ThriftField(1, ThriftType::kI32):
        ipv4 = static_cast<uint32_t>(cursor.ReadI32());
        break;
      case ThriftField(2, ThriftType::kI16):
        endpoint.port = static_cast<uint16_t>(cursor.ReadI16());
        break;
      case ThriftField(3, ThriftType::kString):
        endpoint.service = cursor.ReadString();
        break;
      case ThriftField(4, ThriftType::kString):
        ipv6 = cursor.ReadString();
        break;
      default:
        cursor.SkipField();
    }
  }
  endpoint.ip = AddressText(ipv4 != 0 ? std::string_view(BigEndian(ipv4, 4)) : ipv6);
  return endpoint;
}

void ReadAnnotation(ThriftBinaryCursor& cursor, ZipkinV1Annotation& annotation) {
  ThriftFields fields(cursor);
  while (fields.Next()) {
    switch (cursor.field()) {
      case ThriftField(1, ThriftType::kI64):
        annotation.nanos = NanosOf(cursor.ReadI64());
        break;
      case ThriftField(2, ThriftType::kString):
        annotation.value = cursor.ReadString();
        break;
      case ThriftField(3, ThriftType::kStruct):
        annotation.endpoint = ReadEndpoint(cursor);
        break;
      default:
        cursor.SkipField();
    }
  }
}

void ReadBinaryAnnotation(ThriftBinaryCursor& cursor, ZipkinBinaryAnnotation& annotation) {
  AnnotationType type = AnnotationType::kString;
  std::string_view bytes;
  ThriftFields fields(cursor);
  while (fields.Next()) {
    switch (cursor.field()) {
      case ThriftField(1, ThriftType::kString):
        annotation.key = cursor.ReadString();
        break;
      case ThriftField(2, ThriftType::kString):
        bytes = cursor.ReadString();
        break;
      case ThriftField(3, ThriftType::kI32):
        type = static_cast<AnnotationType>(cursor.ReadI32());
        break;
      case ThriftField(4, ThriftType::kStruct):
        annotation.endpoint = ReadEndpoint(cursor);
        break;
      default:
        cursor.SkipField();
    }
  }
  annotation.value = ValueOf(type, bytes);
}

// Reads the list that is the field at `cursor` into `items`.
template <typename Item>
void ReadItems(ThriftBinaryCursor& cursor, std::vector<Item>& items,
               void (*read)(ThriftBinaryCursor&, Item&)) {
  const ThriftStructList<ThriftBinaryCursor> list(cursor);
  const ScanFailure failure = list.ForEach([&](ThriftBinaryCursor& item) {
    if (items.size() == kMaxZipkinItems) return item.Fail("too many annotations");
    read(item, items.emplace_back());
  });
  if (failure.reason != nullptr) cursor.Fail(failure);
}

// The numbers that make up a trace's id, until both are known.
struct TraceIdHalves {
  int64_t high = 0, low = 0;
};

void ReadField(ThriftBinaryCursor& cursor, ZipkinV1Span& span, TraceIdHalves& trace_id) {
  switch (cursor.field()) {
    case ThriftField(1, ThriftType::kI64):
      trace_id.low = cursor.ReadI64();
      break;
    case ThriftField(3, ThriftType::kString):
      span.name = cursor.ReadString();
      break;
    case ThriftField(4, ThriftType::kI64):
      span.span_id = SpanIdOf(cursor.ReadI64());
      break;
    case ThriftField(5, ThriftType::kI64):
      span.parent_span_id = SpanIdOf(cursor.ReadI64());
      break;
    case ThriftField(6, ThriftType::kList):
      ReadItems(cursor, span.annotations, ReadAnnotation);
      break;
    case ThriftField(8, ThriftType::kList):
      ReadItems(cursor, span.binary_annotations, ReadBinaryAnnotation);
      break;
    case ThriftField(10, ThriftType::kI64):
      span.start = NanosOf(cursor.ReadI64());
      break;
    case ThriftField(11, ThriftType::kI64):
      span.duration = NanosOf(cursor.ReadI64());
      break;
    case ThriftField(12, ThriftType::kI64):
      trace_id.high = cursor.ReadI64();
      break;
    default:
      cursor.SkipField();
  }
}

void ReadSpan(ThriftBinaryCursor& cursor, ZipkinV1Span& span) {
  span = {};
  TraceIdHalves trace_id;
  ThriftFields fields(cursor);
  while (fields.Next()) ReadField(cursor, span, trace_id);
  span.trace_id = TraceIdOf(trace_id.high, trace_id.low);
  if (!span.trace_id.IsValid()) cursor.Fail("span without a trace id");
  if (!span.span_id.IsValid()) cursor.Fail("span without an id");
}

}  // namespace

base::Status ScanZipkinThrift(std::string_view bytes, model::SpanSink& sink) {
  ThriftBinaryCursor cursor(bytes);
  ZipkinV1Span span;
  ZipkinGroups<ZipkinV1Translator, ThriftBinaryCursor> groups;
  const ThriftListHeader list = cursor.ReadListHeader();
  if (list.count > 0 && list.element != ThriftType::kStruct) {
    cursor.Fail("list of something else than structs");
  }
  for (int32_t i = 0; i < list.count && !cursor.failed(); ++i) {
    const ThriftBinaryCursor place = cursor;
    ReadSpan(cursor, span);
    if (!cursor.failed()) groups.Add(span, place);
  }
  if (cursor.failed()) return cursor.failure().ToError("zipkin thrift");
  ZipkinV1Translator translator(sink);
  groups.Announce(translator, [&](ThriftBinaryCursor place) -> const ZipkinV1Span& {
    ReadSpan(place, span);
    return span;
  });
  return {};
}

}  // namespace clew::wire

// SPDX-License-Identifier: Apache-2.0
// Zipkin's protobuf. What it means is said in zipkin_translator.cc.
//
//  ListOfSpans  1 repeated Span
//  Span         1 trace id (16 bytes, or 8), 2 parent id, 3 id, 4 kind, 5 name,
//               6 fixed64 timestamp (us), 7 duration (us), 8 local Endpoint, 9 remote Endpoint,
//               10 repeated Annotation, 11 map of tags, 12 debug, 13 shared
//  Endpoint     1 service name, 2 ipv4 (4 bytes), 3 ipv6 (16 bytes), 4 port
//  Annotation   1 fixed64 timestamp (us), 2 value
#include "wire/zipkin_proto_scan.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "wire/limits.h"
#include "wire/protobuf_scan.h"
#include "wire/scan_failure.h"
#include "wire/zipkin_address.h"
#include "wire/zipkin_groups.h"
#include "wire/zipkin_translator.h"

namespace clew::wire {
namespace {

using Groups = ZipkinGroups<ZipkinTranslator, std::string_view>;

std::optional<int64_t> NanosOf(uint64_t us) {
  if (us > static_cast<uint64_t>(std::numeric_limits<int64_t>::max() / 1000)) return std::nullopt;
  return static_cast<int64_t>(us * 1000);
}

// 64-bit ids come as 8 bytes from some and as 16 from others.
std::optional<model::TraceId> TraceIdOf(std::string_view bytes) {
  if (bytes.size() == 16) return model::TraceId::FromBytes(bytes);
  if (bytes.size() != 8) return std::nullopt;
  return model::TraceId::FromBytes(std::string(8, '\0').append(bytes));
}

std::optional<model::SpanId> SpanIdOf(std::string_view bytes) {
  if (bytes.size() != 8) return std::nullopt;
  return model::SpanId::FromBytes(bytes);
}

// The numbers are Zipkin's.
model::SpanKind KindOf(uint64_t number) {
  constexpr model::SpanKind kKinds[] = {model::SpanKind::kUnspecified, model::SpanKind::kClient,
                                        model::SpanKind::kServer, model::SpanKind::kProducer,
                                        model::SpanKind::kConsumer};
  return number < std::size(kKinds) ? kKinds[number] : model::SpanKind::kUnspecified;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool ReadList(Groups& groups) {
    return ForEachField(bytes_, [&](const FieldCursor& field) {
      if (field.tag() != Tag(1, WireType::kBytes)) return true;
      if (!ReadSpan(field.bytes())) return false;
      groups.Add(span_, field.bytes());
      return true;
    });
  }

  // REQUIRES: it was read before, without failure.
  const ZipkinSpan& Read(std::string_view message) {
    ReadSpan(message);
    return span_;
  }

  const ScanFailure& failure() const { return failure_; }

 private:
  // Calls `read` with a cursor at each field, until it returns false.
  template <typename ReadOne>
  bool ForEachField(std::string_view message, ReadOne read) {
    FieldCursor field(message, bytes_.data());
    while (field.Next()) {
      if (!read(field)) return false;
    }
    if (field.failed()) failure_ = field.failure();
    return !field.failed();
  }

  bool ReadSpan(std::string_view message) {
    span_ = {};
    return ForEachField(message, [this](const FieldCursor& field) { return ReadField(field); });
  }

  bool ReadField(const FieldCursor& field);
  bool ReadEndpoint(std::string_view message, ZipkinEndpoint& endpoint);
  bool ReadAnnotation(std::string_view message);
  bool ReadTag(std::string_view message);
  bool HasRoom(size_t items, const char* reason, std::string_view message);

  std::string_view bytes_;
  ZipkinSpan span_;
  ScanFailure failure_;
};

bool Reader::ReadField(const FieldCursor& field) {
  switch (field.tag()) {
    case Tag(1, WireType::kBytes):
      span_.trace_id = TraceIdOf(field.bytes());
      return true;
    case Tag(2, WireType::kBytes):
      span_.parent_span_id = field.bytes().empty() ? model::SpanId() : SpanIdOf(field.bytes());
      return true;
    case Tag(3, WireType::kBytes):
      span_.span_id = SpanIdOf(field.bytes());
      return true;
    case Tag(4, WireType::kVarint):
      span_.kind = KindOf(field.integer());
      return true;
    case Tag(5, WireType::kBytes):
      span_.name = field.bytes();
      return true;
    case Tag(6, WireType::kFixed64):
      span_.start = NanosOf(field.integer());
      return true;
    case Tag(7, WireType::kVarint):
      span_.duration = NanosOf(field.integer());
      return true;
    case Tag(8, WireType::kBytes):
      return ReadEndpoint(field.bytes(), span_.local);
    case Tag(9, WireType::kBytes):
      return ReadEndpoint(field.bytes(), span_.remote);
    case Tag(10, WireType::kBytes):
      return ReadAnnotation(field.bytes());
    case Tag(11, WireType::kBytes):
      return ReadTag(field.bytes());
  }
  return true;
}

bool Reader::ReadEndpoint(std::string_view message, ZipkinEndpoint& endpoint) {
  std::string_view ipv4, ipv6;
  const bool read = ForEachField(message, [&](const FieldCursor& field) {
    switch (field.tag()) {
      case Tag(1, WireType::kBytes):
        endpoint.service = field.bytes();
        break;
      case Tag(2, WireType::kBytes):
        ipv4 = field.bytes();
        break;
      case Tag(3, WireType::kBytes):
        ipv6 = field.bytes();
        break;
      case Tag(4, WireType::kVarint):
        endpoint.port = static_cast<int32_t>(field.integer());
        break;
    }
    return true;
  });
  endpoint.ip = AddressText(ipv4.empty() ? ipv6 : ipv4);
  return read;
}

bool Reader::ReadAnnotation(std::string_view message) {
  if (!HasRoom(span_.annotations.size(), "too many annotations", message)) return false;
  ZipkinAnnotation& annotation = span_.annotations.emplace_back();
  return ForEachField(message, [&](const FieldCursor& field) {
    if (field.tag() == Tag(1, WireType::kFixed64)) annotation.nanos = NanosOf(field.integer());
    if (field.tag() == Tag(2, WireType::kBytes)) annotation.value = field.bytes();
    return true;
  });
}

bool Reader::ReadTag(std::string_view message) {
  if (!HasRoom(span_.tags.size(), "too many tags", message)) return false;
  auto& [name, value] = span_.tags.emplace_back();
  return ForEachField(message, [&](const FieldCursor& field) {
    if (field.tag() == Tag(1, WireType::kBytes)) name = field.bytes();
    if (field.tag() == Tag(2, WireType::kBytes)) value = field.bytes();
    return true;
  });
}

bool Reader::HasRoom(size_t items, const char* reason, std::string_view message) {
  if (items < kMaxZipkinItems) return true;
  failure_ = {reason, static_cast<size_t>(message.data() - bytes_.data())};
  return false;
}

}  // namespace

base::Status ScanZipkinProto(std::string_view bytes, model::SpanSink& sink) {
  Reader reader(bytes);
  Groups groups;
  if (!reader.ReadList(groups)) return reader.failure().ToError("zipkin protobuf");
  ZipkinTranslator translator(sink);
  groups.Announce(translator,
                  [&](std::string_view span) -> const ZipkinSpan& { return reader.Read(span); });
  return {};
}

}  // namespace clew::wire

// SPDX-License-Identifier: Apache-2.0
// Lists are made with the classes that thrift generates. What spans of version 1 mean is tested
// with their JSON (zipkin_v1_json_scan_test.cc); here that the same spans say the same.
#include "wire/zipkin_thrift_scan.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include <array>
#include <bit>
#include <random>

#include "wire/json_writer.h"
#include "wire/limits.h"
#include "wire/span_transcript.h"
#include "wire/thrift_unknown_fields.h"
#include "wire/zipkin_v1_json_scan.h"
#include "zipkincore_types.h"

namespace clew::wire {
namespace {

using apache::thrift::protocol::T_STRUCT;
using apache::thrift::protocol::TBinaryProtocol;
using apache::thrift::transport::TMemoryBuffer;
using testing::HasSubstr;
using testing::StartsWith;

template <typename Protocol = TBinaryProtocol>
std::string Encode(const std::vector<zipkincore::Span>& spans) {
  const auto buffer = std::make_shared<TMemoryBuffer>();
  Protocol protocol(buffer);
  protocol.writeListBegin(T_STRUCT, static_cast<uint32_t>(spans.size()));
  for (const zipkincore::Span& span : spans) span.write(&protocol);
  protocol.writeListEnd();
  return buffer->getBufferAsString();
}

std::string Scanned(const std::vector<zipkincore::Span>& spans) {
  return TranscriptOf(ScanZipkinThrift, Encode(spans));
}

zipkincore::Span OneSpan() {
  zipkincore::Span span;
  span.__set_trace_id(0x1f);
  span.__set_id(10);
  span.__set_name("get");
  span.__set_timestamp(5);
  span.__set_duration(2);
  return span;
}

zipkincore::Endpoint EndpointOf(const std::string& service) {
  zipkincore::Endpoint endpoint;
  endpoint.__set_service_name(service);
  return endpoint;
}

std::string WithBinary(const std::string& value, zipkincore::AnnotationType::type type) {
  zipkincore::BinaryAnnotation annotation;
  annotation.__set_key("k");
  annotation.__set_value(value);
  annotation.__set_annotation_type(type);
  zipkincore::Span span = OneSpan();
  span.__set_binary_annotations({annotation});
  const std::string scanned = Scanned({span});
  return scanned.substr(std::min(scanned.find("attribute 'k' "), scanned.size()));
}

TEST(ZipkinThrift, IsAListOfSpans) {
  zipkincore::Annotation received;
  received.__set_timestamp(5);
  received.__set_value("sr");
  received.__set_host(EndpointOf("cart"));
  received.host.__set_ipv4(0x0a000001);
  received.host.__set_port(static_cast<int16_t>(40000));
  zipkincore::Span span = OneSpan();
  span.__set_trace_id_high(1);
  span.__set_parent_id(-1);
  span.__set_annotations({received});
  EXPECT_EQ(Scanned({span}),
            "resource '' 0\n"
            "attribute 'service.name' 1 0 0 0 'cart'\n"
            "attribute 'ipv4' 1 0 0 0 '10.0.0.1'\n"
            "attribute 'port' 1 0 0 0 '40000'\n"
            "scope '' '' '' 0\n"
            "span 0000000000000001000000000000001f 000000000000000a ffffffffffffffff '' 'get' 2 "
            "5000 7000 0 '' 0 0 0 0\n");
  EXPECT_EQ(Scanned({}), "");
}

TEST(ZipkinThrift, BinaryAnnotationsHaveTypes) {
  using Type = zipkincore::AnnotationType;
  EXPECT_EQ(WithBinary("\1", Type::BOOL), "attribute 'k' 2 1 0 0 ''\n");
  EXPECT_EQ(WithBinary("\xff\xfe", Type::I16), "attribute 'k' 3 0 -2 0 ''\n");
  EXPECT_EQ(WithBinary(std::string("\0\1\0\0", 4), Type::I32), "attribute 'k' 3 0 65536 0 ''\n");
  EXPECT_EQ(WithBinary(std::string("\x80\0\0\0\0\0\0\0", 8), Type::I64),
            "attribute 'k' 3 0 -9223372036854775808 0 ''\n");
  EXPECT_EQ(WithBinary(std::string("\x3f\xf8\0\0\0\0\0\0", 8), Type::DOUBLE),
            "attribute 'k' 4 0 0 4609434218613702656 ''\n");
  EXPECT_EQ(WithBinary("text", Type::STRING), "attribute 'k' 1 0 0 0 'text'\n");
  EXPECT_EQ(WithBinary("text", Type::BYTES), "attribute 'k' 7 0 0 0 'text'\n");
  EXPECT_EQ(WithBinary("abc", Type::I64), "attribute 'k' 7 0 0 0 'abc'\n");
  EXPECT_EQ(WithBinary("", Type::BOOL), "attribute 'k' 7 0 0 0 ''\n");
}

TEST(ZipkinThrift, AnIdOfZeroRefusesTheBody) {
  zipkincore::Span no_trace = OneSpan();
  no_trace.__set_trace_id(0);
  EXPECT_THAT(Scanned({OneSpan(), no_trace}), StartsWith("zipkin thrift: span without a trace id"));
  zipkincore::Span no_id = OneSpan();
  no_id.__set_id(0);
  EXPECT_THAT(Scanned({OneSpan(), no_id}), StartsWith("zipkin thrift: span without an id"));
}

TEST(ZipkinThrift, SaysWhatIsWrongAndWhere) {
  const std::string whole = Encode({OneSpan()});
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THAT(TranscriptOf(ScanZipkinThrift, whole.substr(0, size)),
                StartsWith("zipkin thrift: "));
  }
  EXPECT_EQ(TranscriptOf(ScanZipkinThrift, std::string_view("\x0c\x7f\xff\xff\xff", 5)),
            "zipkin thrift: count beyond the end at byte 5");
  EXPECT_EQ(TranscriptOf(ScanZipkinThrift, std::string_view("\x08\0\0\0\1\0\0\0\1", 9)),
            "zipkin thrift: list of something else than structs at byte 5");
  zipkincore::Span many = OneSpan();
  many.__set_annotations(std::vector<zipkincore::Annotation>(kMaxZipkinItems + 1));
  EXPECT_THAT(Scanned({many}), StartsWith("zipkin thrift: too many annotations"));
}

TEST(ZipkinThrift, TimesThatDoNotFitRejectASpanAlone) {
  zipkincore::Span span = OneSpan();
  span.__set_timestamp(-1);
  EXPECT_THAT(Scanned({span, OneSpan()}), HasSubstr("rejected 3\nspan "));
}

std::string HexOf(int64_t number) {
  char text[17];
  std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(number));
  return text;
}

void WriteEndpoint(JsonWriter& json, const zipkincore::Endpoint& endpoint) {
  json.Key("endpoint");
  json.BeginObject();
  json.TextMember("serviceName", endpoint.service_name);
  if (endpoint.ipv4 != 0) {
    const uint32_t ip = htonl(static_cast<uint32_t>(endpoint.ipv4));
    char text[INET_ADDRSTRLEN];
    json.TextMember("ipv4", inet_ntop(AF_INET, &ip, text, sizeof(text)));
  } else if (endpoint.ipv6.size() == sizeof(in6_addr)) {
    char text[INET6_ADDRSTRLEN];
    json.TextMember("ipv6", inet_ntop(AF_INET6, endpoint.ipv6.data(), text, sizeof(text)));
  }
  json.NumberMember("port", static_cast<uint16_t>(endpoint.port));
  json.EndObject();
}

int64_t SignedOf(const std::string& big_endian) {
  const auto first = static_cast<uint8_t>(big_endian.front());
  int64_t number = first < 128 ? first : int64_t{first} - 256;
  for (const char byte : big_endian.substr(1)) number = number * 256 + static_cast<uint8_t>(byte);
  return number;
}

void WriteValue(JsonWriter& json, const zipkincore::BinaryAnnotation& one) {
  using Type = zipkincore::AnnotationType;
  if (one.annotation_type == Type::STRING) return json.TextMember("value", one.value);
  if (one.annotation_type == Type::BOOL) return json.BoolMember("value", one.value == "\1");
  json.TextMember("type", zipkincore::_AnnotationType_VALUES_TO_NAMES.at(one.annotation_type));
  json.Key("value");
  if (one.annotation_type == Type::DOUBLE) {
    json.Number(std::bit_cast<double>(SignedOf(one.value)));
  } else {
    json.Number(SignedOf(one.value));
  }
}

std::string JsonOf(const std::vector<zipkincore::Span>& spans) {
  JsonWriter json;
  json.BeginArray();
  for (const zipkincore::Span& span : spans) {
    json.BeginObject();
    json.TextMember("traceId", HexOf(span.trace_id_high) + HexOf(span.trace_id));
    json.TextMember("id", HexOf(span.id));
    if (span.__isset.parent_id) json.TextMember("parentId", HexOf(span.parent_id));
    json.TextMember("name", span.name);
    json.Key("timestamp");
    json.Number(span.timestamp);
    json.Key("duration");
    json.Number(span.duration);
    json.Key("annotations");
    json.BeginArray();
    for (const zipkincore::Annotation& one : span.annotations) {
      json.BeginObject();
      json.Key("timestamp");
      json.Number(one.timestamp);
      json.TextMember("value", one.value);
      if (one.__isset.host) WriteEndpoint(json, one.host);
      json.EndObject();
    }
    json.EndArray();
    json.Key("binaryAnnotations");
    json.BeginArray();
    for (const zipkincore::BinaryAnnotation& one : span.binary_annotations) {
      json.BeginObject();
      json.TextMember("key", one.key);
      WriteValue(json, one);
      if (one.__isset.host) WriteEndpoint(json, one.host);
      json.EndObject();
    }
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
  return json.Take();
}

class RandomSpans {
 public:
  explicit RandomSpans(uint32_t seed) : random_(seed) {}

  std::vector<zipkincore::Span> Make() {
    std::vector<zipkincore::Span> spans(static_cast<size_t>(1 + Below(5)));
    for (zipkincore::Span& span : spans) span = MakeSpan();
    return spans;
  }

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint32_t>(limit)); }
  int64_t Number() { return static_cast<int64_t>(uint64_t{random_()} << 32 | random_()) | 1; }
  int64_t Micros() { return Below(4) == 0 ? 0 : static_cast<int64_t>(random_()); }
  template <size_t kCount>
  std::string OneOf(const char* const (&texts)[kCount]) {
    return texts[Below(kCount)];
  }
  zipkincore::Endpoint MakeEndpoint() {
    zipkincore::Endpoint endpoint = EndpointOf(OneOf({"", "cart", "shop"}));
    if (Below(2) == 0) endpoint.__set_ipv4(static_cast<int32_t>(random_()));
    if (Below(2) == 0) endpoint.__set_ipv6(Bytes(Below(8) == 0 ? 15 : 16));
    if (Below(2) == 0) endpoint.__set_port(static_cast<int16_t>(random_()));
    return endpoint;
  }
  // Of any type but BYTES, which JSON has not.
  zipkincore::BinaryAnnotation MakeBinaryAnnotation() {
    using Type = zipkincore::AnnotationType;
    zipkincore::BinaryAnnotation one;
    one.__set_key(OneOf({"sa", "ca", "ma", "lc", "error", "otel.status_code", "http.status_code",
                         "census.status_code", "otel.status_description", "k"}));
    one.__set_annotation_type(Type::STRING);
    one.__set_value(OneOf({"true", "", "OK", "404", "200", "0", "some text", "\u20ac\n\x01"}));
    if (Below(2) == 0) {
      static constexpr Type::type kTypes[] = {Type::I16, Type::I32, Type::I64, Type::DOUBLE,
                                              Type::BOOL};
      const int type = Below(5);
      one.__set_annotation_type(kTypes[type]);
      one.__set_value(Bytes(std::array{2, 4, 8, 8, 1}[static_cast<size_t>(type)]));
      if (type == 3) one.value.front() = '\x3f';  // Neither infinite nor none.
      if (type == 4) one.value.front() = static_cast<char>(Below(2));
    }
    if (Below(2) == 0) one.__set_host(MakeEndpoint());
    return one;
  }
  std::string Bytes(int size) {
    std::string bytes(static_cast<size_t>(size), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    return bytes;
  }
  zipkincore::Span MakeSpan() {
    zipkincore::Span span = OneSpan();
    span.__set_trace_id(Number());
    span.__set_trace_id_high(Below(2) == 0 ? 0 : Number());
    span.__set_id(Number());
    if (Below(2) == 0) span.__set_parent_id(Below(3) == 0 ? span.id : Number());
    span.__set_timestamp(Micros());
    span.__set_duration(Micros());
    for (int i = Below(4); i > 0; --i) {
      zipkincore::Annotation one;
      one.__set_timestamp(Micros());
      one.__set_value(OneOf({"cs", "cr", "sr", "ss", "ms", "mr", "ws", "retry"}));
      if (Below(2) == 0) one.__set_host(MakeEndpoint());
      span.annotations.push_back(one);
    }
    for (int i = Below(5); i > 0; --i) span.binary_annotations.push_back(MakeBinaryAnnotation());
    if (Below(2) == 0) span.__set_debug(Below(2) == 0);
    return span;
  }

  std::mt19937 random_;
};

TEST(ZipkinThrift, SaysTheSameAsTheSameSpansInJson) {
  for (uint32_t seed = 0; seed < 500; ++seed) {
    const std::vector<zipkincore::Span> spans = RandomSpans(seed).Make();
    ASSERT_EQ(Scanned(spans), TranscriptOf(ScanZipkinJsonV1, JsonOf(spans)))
        << "seed " << seed << '\n'
        << JsonOf(spans);
  }
}

TEST(ZipkinThrift, SaysTheSameAmongFieldsThatNobodyKnows) {
  for (uint32_t seed = 0; seed < 100; ++seed) {
    const std::vector<zipkincore::Span> spans = RandomSpans(seed).Make();
    ASSERT_EQ(TranscriptOf(ScanZipkinThrift, Encode<WithUnknownFields<TBinaryProtocol>>(spans)),
              Scanned(spans))
        << "seed " << seed;
  }
}

}  // namespace
}  // namespace clew::wire

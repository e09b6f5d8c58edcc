// SPDX-License-Identifier: Apache-2.0
// Lists are made with the classes that protoc generates, and compared with the same spans in JSON.
#include "wire/zipkin_proto_scan.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <map>
#include <random>

#include "wire/json_writer.h"
#include "wire/limits.h"
#include "wire/protobuf_unknown_fields.h"
#include "wire/span_transcript.h"
#include "wire/zipkin_json_scan.h"
#include "zipkin.pb.h"

namespace clew::wire {
namespace {

namespace zipkin = ::zipkin::proto3;
using testing::HasSubstr;
using testing::StartsWith;

// With tags in the order of their keys.
std::string Encode(const zipkin::ListOfSpans& list) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  list.SerializeToCodedStream(&out);
  out.Trim();
  return bytes;
}

std::string Hex(const std::string& bytes) {
  std::string hex;
  for (const char byte : bytes) {
    hex += "0123456789abcdef"[static_cast<uint8_t>(byte) >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

std::string Ip(int family, const std::string& bytes) {
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(family, bytes.data(), text, sizeof(text));
}

void WriteEndpoint(JsonWriter& json, const char* name, const zipkin::Endpoint& endpoint) {
  json.Key(name);
  json.BeginObject();
  json.TextMember("serviceName", endpoint.service_name());
  if (!endpoint.ipv4().empty()) json.TextMember("ipv4", Ip(AF_INET, endpoint.ipv4()));
  if (!endpoint.ipv6().empty()) json.TextMember("ipv6", Ip(AF_INET6, endpoint.ipv6()));
  json.Key("port");
  json.Number(int64_t{endpoint.port()});
  json.EndObject();
}

void WriteSpan(JsonWriter& json, const zipkin::Span& span) {
  json.BeginObject();
  json.TextMember("traceId", Hex(span.trace_id()));
  json.TextMember("id", Hex(span.id()));
  if (!span.parent_id().empty()) json.TextMember("parentId", Hex(span.parent_id()));
  if (zipkin::Span::Kind_IsValid(span.kind()) && span.kind() != 0)
    json.TextMember("kind", zipkin::Span::Kind_Name(span.kind()));
  json.TextMember("name", span.name());
  json.NumberMember("timestamp", span.timestamp());
  json.NumberMember("duration", span.duration());
  if (span.has_local_endpoint()) WriteEndpoint(json, "localEndpoint", span.local_endpoint());
  if (span.has_remote_endpoint()) WriteEndpoint(json, "remoteEndpoint", span.remote_endpoint());
  json.Key("annotations");
  json.BeginArray();
  for (const zipkin::Annotation& annotation : span.annotations()) {
    json.BeginObject();
    json.NumberMember("timestamp", annotation.timestamp());
    json.TextMember("value", annotation.value());
    json.EndObject();
  }
  json.EndArray();
  json.Key("tags");
  json.BeginObject();
  for (const auto& [key, value] :
       std::map<std::string, std::string>(span.tags().begin(), span.tags().end())) {
    json.TextMember(key, value);
  }
  json.EndObject();
  json.BoolMember("debug", span.debug());
  json.BoolMember("shared", span.shared());
  json.EndObject();
}

std::string JsonOf(const zipkin::ListOfSpans& list) {
  JsonWriter json;
  json.BeginArray();
  for (const zipkin::Span& span : list.spans()) WriteSpan(json, span);
  json.EndArray();
  return json.Take();
}

std::string Scanned(const zipkin::ListOfSpans& list) {
  return TranscriptOf(ScanZipkinProto, Encode(list));
}

zipkin::Span* AddSpan(zipkin::ListOfSpans& list) {
  zipkin::Span* const span = list.add_spans();
  span->set_trace_id(std::string(15, '\0') + '\x1f');
  span->set_id(std::string(7, '\0') + '\n');
  span->set_timestamp(5);
  return span;
}

TEST(ZipkinProto, IsAListOfSpans) {
  zipkin::ListOfSpans list;
  zipkin::Span& span = *AddSpan(list);
  span.set_name("get");
  span.set_duration(2);
  span.set_parent_id(std::string(7, '\0') + '\x0b');
  span.mutable_local_endpoint()->set_service_name("cart");
  EXPECT_EQ(Scanned(list),
            "resource '' 0\n"
            "attribute 'service.name' 1 0 0 0 'cart'\n"
            "scope '' '' '' 0\n"
            "span 0000000000000000000000000000001f 000000000000000a 000000000000000b '' 'get' 0 "
            "5000 7000 0 '' 0 0 0 0\n");
  EXPECT_EQ(Scanned({}), "");
}

TEST(ZipkinProto, TraceIdsOf8BytesAreTheLowerHalf) {
  zipkin::ListOfSpans list;
  AddSpan(list)->set_trace_id("\x01\x02\x03\x04\x05\x06\x07\x08");
  EXPECT_THAT(Scanned(list), HasSubstr("span 00000000000000000102030405060708 "));
}

TEST(ZipkinProto, RejectsASpanAlone) {
  zipkin::ListOfSpans list;
  AddSpan(list)->set_trace_id("short");
  AddSpan(list)->set_trace_id(std::string(16, '\0'));
  AddSpan(list)->set_id("toolongid");
  AddSpan(list)->set_parent_id("x");
  AddSpan(list)->set_timestamp(uint64_t{1} << 63);
  AddSpan(list)->add_annotations()->set_timestamp(UINT64_MAX);
  AddSpan(list);
  EXPECT_THAT(Scanned(list), HasSubstr("rejected 0\nrejected 0\nrejected 1\nrejected 2\nrejected 3"
                                       "\nrejected 3\nspan "));
}

TEST(ZipkinProto, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(TranscriptOf(ScanZipkinProto, "\x0a\x05x"),
            "zipkin protobuf: length beyond the end at byte 0");
  EXPECT_EQ(TranscriptOf(ScanZipkinProto, std::string_view("\x0a\x02\x42\x07", 4)),
            "zipkin protobuf: length beyond the end at byte 2");
}

TEST(ZipkinProto, AnnotationsAndTagsOfASpanHaveALimit) {
  zipkin::ListOfSpans list;
  for (size_t i = 0; i <= kMaxZipkinItems; ++i) {
    if (i == 0) AddSpan(list);
    list.mutable_spans(0)->add_annotations();
  }
  EXPECT_THAT(Scanned(list), StartsWith("zipkin protobuf: too many annotations at byte "));
}

class RandomSpans {
 public:
  explicit RandomSpans(uint32_t seed) : random_(seed) {}

  zipkin::ListOfSpans Make() {
    zipkin::ListOfSpans list;
    for (int i = Below(6); i >= 0; --i) Fill(*list.add_spans());
    return list;
  }

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint32_t>(limit)); }
  std::string Bytes(size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(Below(256));
    return bytes;
  }
  uint64_t Micros() { return Below(4) == 0 ? 0 : uint64_t{random_()} << Below(32); }
  template <size_t kCount>
  std::string OneOf(const char* const (&texts)[kCount]) {
    return texts[Below(kCount)];
  }
  std::string Value() {
    return OneOf({"", "true", "internal", "OK", "Error", "a=b", "text \"quoted\"", "faas.name",
                  "gr\u00f6\u00dfer \U0001f600", "line\nline\x01",
                  "0af7651916cd43dd8448eb211c80319c|b7ad6b7169203331|k=v|{\"a\":1}|2",
                  "retry|{\"n\":2,\"ok\":true}|3", "a|b|c"});
  }
  std::string Key() {
    return OneOf({"http.method", "error", "span.kind", "otel.status_code",
                  "otel.status_description", "w3c.tracestate", "otlp.link.0", "host.name",
                  "otlp.service.name.source", "otel.library.name", "otel.scope.version", "k"});
  }
  void Fill(zipkin::Endpoint& endpoint) {
    endpoint.set_service_name(OneOf({"", "cart", "shop", "OTLPResourceNoServiceName"}));
    if (Below(2) == 0) endpoint.set_ipv4(Bytes(4));
    if (Below(2) == 0) endpoint.set_ipv6(Bytes(16));
    if (Below(2) == 0) endpoint.set_port(Below(65536));
  }
  void Fill(zipkin::Span& span) {
    span.set_trace_id(Bytes(Below(4) == 0 ? 8 : 16));
    span.set_id(Below(8) == 0 ? std::string(8, '\0') : Bytes(8));
    if (Below(2) == 0) span.set_parent_id(Below(3) == 0 ? span.id() : Bytes(8));
    span.set_kind(static_cast<zipkin::Span::Kind>(Below(7)));  // 5 and 6 are none
    span.set_name(OneOf({"", "get", "post /a/{b}", "\u20ac"}));
    span.set_timestamp(Micros());
    span.set_duration(Micros());
    if (Below(3) != 0) Fill(*span.mutable_local_endpoint());
    if (Below(3) == 0) Fill(*span.mutable_remote_endpoint());
    for (int i = Below(4); i > 0; --i) {
      zipkin::Annotation& annotation = *span.add_annotations();
      annotation.set_timestamp(Micros());
      annotation.set_value(Value());
    }
    for (int i = Below(6); i > 0; --i) (*span.mutable_tags())[Key()] = Value();
    span.set_debug(Below(2) == 0);
    span.set_shared(Below(2) == 0);
  }

  std::mt19937 random_;
};

TEST(ZipkinProto, SaysTheSameAsTheSameSpansInJson) {
  for (uint32_t seed = 0; seed < 500; ++seed) {
    const zipkin::ListOfSpans list = RandomSpans(seed).Make();
    ASSERT_EQ(Scanned(list), TranscriptOf(ScanZipkinJson, JsonOf(list))) << "seed " << seed << '\n'
                                                                         << JsonOf(list);
  }
}

TEST(ZipkinProto, SaysTheSameAmongFieldsThatNobodyKnows) {
  for (uint32_t seed = 0; seed < 200; ++seed) {
    zipkin::ListOfSpans list = RandomSpans(seed).Make();
    const std::string expected = Scanned(list);
    AddUnknownFields(list);
    ASSERT_EQ(Scanned(list), expected) << "seed " << seed;
  }
}

}  // namespace
}  // namespace clew::wire

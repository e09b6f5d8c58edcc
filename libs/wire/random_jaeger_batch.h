// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "wire/jaeger_batch_fixture.h"

namespace clew::wire {

// For tests: batches of all that Jaeger's clients can say, as the classes that thrift generates.
class RandomJaegerBatch {
 public:
  // Protobuf's texts are Unicode; thrift's are any bytes.
  enum class Texts : uint8_t { kUnicode, kBytes };
  explicit RandomJaegerBatch(uint64_t seed, Texts texts = Texts::kBytes)
      : random_(seed), texts_(texts) {}

  jaeger::Batch Make() {
    jaeger::Batch batch;
    batch.process = MakeProcess();
    batch.spans = List(&RandomJaegerBatch::MakeSpan);
    if (Below(2) == 0) batch.__set_seqNo(Number());
    return batch;
  }

  jaeger::Process MakeProcess() {
    jaeger::Process process;
    process.serviceName = OneOf({"", "shop", "OTLPResourceNoServiceName", "\u00e9\u20ac"});
    if (Below(2) == 0) process.__set_tags(List(&RandomJaegerBatch::MakeProcessTag));
    return process;
  }

  jaeger::Span MakeSpan() {
    jaeger::Span span;
    if (Below(16) == 0) return span;
    span.traceIdLow = Below(3);
    span.traceIdHigh = Below(2) == 0 ? 0 : Number();
    span.spanId = Number();
    span.parentSpanId = Below(2) == 0 ? 0 : Number();
    span.operationName = Text();
    span.flags = static_cast<int32_t>(Number());
    span.startTime = Below(16) == 0 ? Number() : Micros();
    span.duration = Below(8) == 0 ? Number() : Micros();
    if (Below(2) == 0) span.__set_references(List(&RandomJaegerBatch::MakeReference));
    if (Below(2) == 0) span.__set_tags(List(&RandomJaegerBatch::MakeTag));
    if (Below(2) == 0) span.__set_logs(List(&RandomJaegerBatch::MakeLog));
    return span;
  }

  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint64_t>(limit)); }
  template <size_t kCount>
  std::string OneOf(const char* const (&texts)[kCount]) {
    return texts[Below(kCount)];
  }
  std::string Bytes(int size) {
    std::string bytes(static_cast<size_t>(size), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    return bytes;
  }

 private:
  // Of any size, small ones more often than their share.
  int64_t Number() { return static_cast<int64_t>(random_()) >> Below(64); }
  int64_t Micros() { return Number() & INT32_MAX; }
  double Double() {
    static constexpr double kOdd[] = {0.0, -0.0, 5e-324, std::numeric_limits<double>::infinity(),
                                      std::numeric_limits<double>::quiet_NaN()};
    return Below(2) == 0 ? kOdd[Below(5)] : static_cast<double>(Number()) / 3;
  }
  std::string Text() {
    if (texts_ == Texts::kBytes) return Bytes(Below(8) == 0 ? Below(300) : Below(12));
    if (Below(8) == 0) return std::string(static_cast<size_t>(Below(300)), 't');
    return OneOf({"", "a", "\"quoted\"\\\n", "gr\u00f6\u00dfer", "\u20ac", "\U0001f600"});
  }

  template <typename Item>
  std::vector<Item> List(Item (RandomJaegerBatch::*make)()) {
    // Past 14 elements the compact protocol writes the count in another way.
    std::vector<Item> list(static_cast<size_t>(Below(10) == 0 ? 20 : Below(4)));
    for (Item& item : list) item = (this->*make)();
    return list;
  }

  void SetValues(jaeger::Tag& tag) {
    tag.__set_vType(static_cast<jaeger::TagType::type>(Below(6)));  // 5 is none
    if (Below(2) == 0) tag.__set_vStr(Text());
    if (Below(2) == 0) tag.__set_vDouble(Double());
    if (Below(2) == 0) tag.__set_vBool(Below(2) == 0);
    if (Below(2) == 0) tag.__set_vLong(Number());
    if (Below(2) == 0) tag.__set_vBinary(Bytes(Below(20)));
  }
  // Of a name that means something, or of any; the value is often one that goes with it.
  jaeger::Tag MakeTag() {
    jaeger::Tag tag;
    SetValues(tag);
    tag.__set_key(OneOf({"error", "span.kind", "otel.status_code", "otel.status_description",
                         "http.status_code", "http.status_message", "event", "k"}));
    if (Below(3) == 0) tag.__set_key(Text());
    if (Below(2) == 0) return tag;
    tag.__set_vType(jaeger::TagType::STRING);
    tag.__set_vStr(OneOf({"OK", "eRRor", "server", "client", "producer", "consumer", "internal",
                          "404", "503", "200", "99", "5xx", "", "true"}));
    if (Below(2) == 0) return tag;
    tag.__set_vType(Below(2) == 0 ? jaeger::TagType::LONG : jaeger::TagType::BOOL);
    tag.__set_vLong(100 + Below(500));
    return tag;
  }
  jaeger::Tag MakeProcessTag() {
    jaeger::Tag tag;
    SetValues(tag);
    tag.__set_key(OneOf({"hostname", "host.name", "jaeger.version", "opencensus.exporterversion",
                         "service.name", "ip", "k"}));
    return tag;
  }
  // Some lead into the span's own trace, some have half an id or none.
  jaeger::SpanRef MakeReference() {
    jaeger::SpanRef reference = Ref(static_cast<jaeger::SpanRefType::type>(Below(3)), Below(3),
                                    Below(4) == 0 ? 0 : Number());
    if (Below(4) == 0) reference.__set_traceIdHigh(Number());
    return reference;
  }
  jaeger::Log MakeLog() {
    jaeger::Log log;
    log.timestamp = Below(32) == 0 ? Number() : Micros();
    log.fields = List(&RandomJaegerBatch::MakeTag);
    return log;
  }

  std::mt19937_64 random_;
  const Texts texts_;
};

}  // namespace clew::wire

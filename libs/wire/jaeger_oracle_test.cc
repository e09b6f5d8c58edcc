// SPDX-License-Identifier: Apache-2.0
// Compares our readers of Jaeger's formats with the classes that thrift and protoc generate, over
// random batches and over their bytes cut off and changed. (What thrift's batches say in each of
// its protocols is in jaeger_message_scan_test.cc.)
#include "wire/jaeger_oracle.h"

#include <gmock/gmock.h>
#include <google/protobuf/stubs/logging.h>
#include <thrift/Thrift.h>

#include <optional>
#include <random>

#include "base/test_effort.h"
#include "wire/jaeger_proto_scan.h"
#include "wire/jaeger_thrift_scan.h"
#include "wire/protobuf_unknown_fields.h"
#include "wire/random_jaeger_batch.h"
#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

// Requests of what protobuf can say more than thrift, besides that.
class RandomJaegerRequest {
 public:
  explicit RandomJaegerRequest(uint64_t seed) : random_(seed, RandomJaegerBatch::Texts::kUnicode) {}

  jaeger_api::PostSpansRequest Make() {
    jaeger_api::PostSpansRequest request;
    *request.mutable_batch() = InProtobuf(random_.Make());
    if (random_.Below(8) == 0) request.mutable_batch()->clear_process();
    for (jaeger_api::Span& span : *request.mutable_batch()->mutable_spans()) Extend(span);
    return request;
  }

 private:
  // Of another length it is none.
  std::string OddId() { return random_.Bytes(random_.Below(20)); }

  void Extend(jaeger_api::Span& span) {
    if (random_.Below(16) == 0) return span.Clear();
    if (random_.Below(4) == 0) Convert(random_.MakeProcess(), *span.mutable_process());
    if (random_.Below(8) == 0) span.set_trace_id(OddId());
    if (random_.Below(8) == 0) span.set_trace_id(random_.Bytes(8));
    if (random_.Below(8) == 0) span.set_span_id(OddId());
    if (random_.Below(2) == 0) span.mutable_start_time()->set_nanos(random_.Below(1 << 30));
    if (random_.Below(2) == 0) span.mutable_duration()->set_nanos(-random_.Below(1 << 30));
    if (random_.Below(4) == 0) span.clear_start_time();
    for (jaeger_api::SpanRef& reference : *span.mutable_references()) Extend(reference);
    for (jaeger_api::Log& log : *span.mutable_logs()) Extend(log);
    for (int i = random_.Below(4); i > 0; --i) AddTag(span);
    span.set_process_id(random_.OneOf({"", "p1"}));
    if (random_.Below(4) == 0) span.add_warnings("clock skew");
  }
  void Extend(jaeger_api::SpanRef& reference) {
    if (random_.Below(8) == 0) reference.set_trace_id(OddId());
    if (random_.Below(8) == 0) reference.set_span_id(OddId());
    if (random_.Below(8) == 0) reference.Clear();
  }
  void Extend(jaeger_api::Log& log) {
    if (random_.Below(8) == 0) return log.clear_timestamp();
    log.mutable_timestamp()->set_nanos(random_.Below(1 << 30));
  }
  void AddTag(jaeger_api::Span& span) {
    jaeger_api::KeyValue& tag = *span.add_tags();
    tag.set_key(random_.OneOf({"w3c.tracestate", "otel.scope.name", "otel.scope.version",
                               "otel.library.name", "otel.library.version"}));
    tag.set_v_type(
        static_cast<jaeger_api::ValueType>(random_.Below(8) == 0 ? random_.Below(6) : 0));
    tag.set_v_str(random_.OneOf({"", "a=1", "lib"}));
  }

  RandomJaegerBatch random_;
};

std::string ScannedRequest(const std::string& bytes) {
  return TranscriptOf(ScanJaegerProto, bytes);
}

TEST(JaegerOracle, ProtobufSaysWhatItsGeneratedClassesSay) {
  for (uint64_t seed = 0; seed < base::TestRounds(5000, 50'000); ++seed) {
    const jaeger_api::PostSpansRequest request = RandomJaegerRequest(seed).Make();
    ASSERT_EQ(ScannedRequest(request.SerializeAsString()), ToldByOracle(request)) << seed;
  }
}

TEST(JaegerOracle, ProtobufSaysTheSameAmongFieldsThatNobodyKnows) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    jaeger_api::PostSpansRequest request = RandomJaegerRequest(seed).Make();
    const std::string expected = ToldByOracle(request);
    AddUnknownFields(request);
    ASSERT_EQ(ScannedRequest(request.SerializeAsString()), expected) << seed;
  }
}

TEST(JaegerOracle, ProtobufAndThriftSayTheSame) {
  for (uint64_t seed = 0; seed < base::TestRounds(1000, 10'000); ++seed) {
    jaeger::Batch batch = RandomJaegerBatch(seed, RandomJaegerBatch::Texts::kUnicode).Make();
    batch.spans.push_back(Span());  // So that there is one, without which protobuf says nothing.
    jaeger_api::PostSpansRequest request;
    *request.mutable_batch() = InProtobuf(batch);
    ASSERT_EQ(ScannedRequest(request.SerializeAsString()),
              TranscriptOf(ScanJaegerThrift, Encode(batch)))
        << seed;
  }
}

// Whether nothing of the bytes was merged, written longer than it need be, or is not there.
bool IsWrittenAsRead(const jaeger_api::PostSpansRequest& request, const std::string& bytes) {
  return request.SerializeAsString().size() == bytes.size();
}

TEST(JaegerOracle, ReadsWhateverTheGeneratedClassesOfProtobufRead) {
  const google::protobuf::LogSilencer silence;  // It is told of each text that is not Unicode.
  std::mt19937 random(1);
  const uint64_t rounds = base::TestRounds(10'000, 100'000);
  uint64_t read = 0;
  for (uint64_t seed = 0; seed < rounds; ++seed) {
    std::string bytes = RandomJaegerRequest(seed % 2000).Make().SerializeAsString();
    if (bytes.empty()) continue;
    bytes[random() % bytes.size()] = static_cast<char>(random());
    jaeger_api::PostSpansRequest request;
    if (!request.ParseFromString(bytes) || !IsWrittenAsRead(request, bytes)) continue;
    const std::string told = ScannedRequest(bytes);
    if (told.starts_with("jaeger: group")) continue;  // They are refused.
    // They drop what of a field's number is beyond 32 bits.
    if (told.starts_with("jaeger: invalid field number")) continue;
    ASSERT_EQ(told, ToldByOracle(request)) << seed;
    ++read;
  }
  EXPECT_GT(read, rounds / 5);
}

// A request of that batch.
std::string RequestOf(const std::string& batch) {
  std::string bytes = "\x0a";
  size_t size = batch.size();
  for (; size > 127; size >>= 7) bytes += static_cast<char>(size | 128);
  return bytes + static_cast<char>(size) + batch;
}

TEST(JaegerOracle, AcceptsATruncatedBatchExactlyWhenTheGeneratedParserDoes) {
  const google::protobuf::LogSilencer silence;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const std::string batch = RandomJaegerRequest(seed).Make().batch().SerializeAsString();
    for (size_t size = 0; size < batch.size(); ++size) {
      const std::string bytes = RequestOf(batch.substr(0, size));
      jaeger_api::PostSpansRequest read;
      SpanTranscript ignored;
      const bool parsed = read.ParseFromString(bytes);
      ASSERT_EQ(ScanJaegerProto(bytes, ignored).ok(), parsed) << seed;
      if (!parsed) continue;
      ASSERT_EQ(ScannedRequest(bytes), ToldByOracle(read)) << seed;
    }
  }
}

// Whether the batch is all of the bytes, or they have more that nobody knows: generated classes do
// not look at what a list says it is of.
bool IsReadAsWritten(const jaeger::Batch& batch, const std::string& bytes) {
  const std::string again = Encode(batch);
  return again == bytes || again.size() < bytes.size();
}

std::optional<jaeger::Batch> DecodeBatch(const std::string& bytes) {
  try {
    return Decode<jaeger::Batch>(bytes);
  } catch (const apache::thrift::TException&) {
    return std::nullopt;
  }
}

TEST(JaegerOracle, ReadsWhateverTheGeneratedClassesOfThriftRead) {
  std::mt19937 random(1);
  const uint64_t rounds = base::TestRounds(10'000, 100'000);
  uint64_t read = 0;
  for (uint64_t seed = 0; seed < rounds; ++seed) {
    std::string bytes = Encode(RandomJaegerBatch(seed % 2000).Make());
    bytes[random() % bytes.size()] = static_cast<char>(random());
    const std::string told = TranscriptOf(ScanJaegerThrift, bytes);
    // They make room for as much as is said to come.
    if (told.find(" beyond the end at byte ") != std::string::npos) continue;
    const std::optional<jaeger::Batch> batch = DecodeBatch(bytes);
    if (!batch || !IsReadAsWritten(*batch, bytes)) continue;
    ASSERT_EQ(told, ToldByOracle(*batch)) << seed;
    ++read;
  }
  EXPECT_GT(read, rounds / 5);
}

}  // namespace
}  // namespace clew::wire

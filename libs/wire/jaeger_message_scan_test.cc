// SPDX-License-Identifier: Apache-2.0
// The datagrams of Jaeger's clients, written by thrift's own protocols.
#include <gmock/gmock.h>

#include "base/test_effort.h"
#include "wire/jaeger_batch_fixture.h"
#include "wire/jaeger_oracle.h"
#include "wire/jaeger_thrift_scan.h"
#include "wire/random_jaeger_batch.h"
#include "wire/span_transcript.h"
#include "wire/thrift_unknown_fields.h"

namespace clew::wire {
namespace {

using apache::thrift::protocol::TBinaryProtocol;
using apache::thrift::protocol::TCompactProtocol;
using apache::thrift::protocol::TMessageType;
using testing::HasSubstr;
using testing::StartsWith;

struct Call {
  std::string method = "emitBatch";
  TMessageType type = apache::thrift::protocol::T_ONEWAY;
};

// Writes a call whose argument is `batch`.
template <typename Protocol>
std::string Message(const jaeger::Batch& batch, const Call& call = {}) {
  return Written<Protocol>([&](auto& protocol) {
    protocol.writeMessageBegin(call.method, call.type, 300);
    protocol.writeStructBegin("emitBatch_args");
    protocol.writeFieldBegin("batch", apache::thrift::protocol::T_STRUCT, 1);
    batch.write(&protocol);
    protocol.writeFieldEnd();
    protocol.writeFieldStop();
    protocol.writeStructEnd();
    protocol.writeMessageEnd();
  });
}

// The protocol before messages had a version.
class OldBinaryProtocol : public TBinaryProtocol {
 public:
  explicit OldBinaryProtocol(std::shared_ptr<apache::thrift::transport::TTransport> transport)
      : TBinaryProtocol(std::move(transport), 0, 0, false, false) {}
};

std::string ScannedBinary(const std::string& bytes) {
  return TranscriptOf(ScanJaegerBinaryMessage, bytes);
}
std::string ScannedCompact(const std::string& bytes) {
  return TranscriptOf(ScanJaegerCompactMessage, bytes);
}

TEST(JaegerMessage, SaysWhatTheGeneratedClassesSayInEveryProtocol) {
  for (uint64_t seed = 0; seed < base::TestRounds(3000, 30'000); ++seed) {
    const jaeger::Batch batch = RandomJaegerBatch(seed).Make();
    const std::string expected = ToldByOracle(batch);
    ASSERT_EQ(TranscriptOf(ScanJaegerThrift, Encode(batch)), expected) << seed;
    ASSERT_EQ(ScannedBinary(Message<TBinaryProtocol>(batch)), expected) << seed;
    ASSERT_EQ(ScannedBinary(Message<OldBinaryProtocol>(batch)), expected) << seed;
    ASSERT_EQ(ScannedCompact(Message<TCompactProtocol>(batch)), expected) << seed;
  }
}

TEST(JaegerMessage, SaysTheSameAmongFieldsThatNobodyKnows) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const jaeger::Batch batch = RandomJaegerBatch(seed).Make();
    const std::string expected = ToldByOracle(batch);
    ASSERT_EQ(ScannedBinary(Message<WithUnknownFields<TBinaryProtocol>>(batch)), expected) << seed;
    ASSERT_EQ(ScannedCompact(Message<WithUnknownFields<TCompactProtocol>>(batch)), expected)
        << seed;
  }
}

TEST(JaegerMessage, MayExpectAnAnswer) {
  const jaeger::Batch batch = BatchOf({Span()});
  const Call call{.type = apache::thrift::protocol::T_CALL};
  EXPECT_THAT(ScannedBinary(Message<TBinaryProtocol>(batch, call)), HasSubstr("\nspan "));
  EXPECT_THAT(ScannedCompact(Message<TCompactProtocol>(batch, call)), HasSubstr("\nspan "));
}

TEST(JaegerMessage, IsRefusedWhenItCallsSomethingElse) {
  const jaeger::Batch batch = BatchOf({Span()});
  const Call other{.method = "emitZipkinBatch"};
  const Call reply{.type = apache::thrift::protocol::T_REPLY};
  const std::string expected = "jaeger: call of something else than emitBatch at byte";
  EXPECT_THAT(ScannedBinary(Message<TBinaryProtocol>(batch, other)), StartsWith(expected));
  EXPECT_THAT(ScannedBinary(Message<OldBinaryProtocol>(batch, other)), StartsWith(expected));
  EXPECT_THAT(ScannedCompact(Message<TCompactProtocol>(batch, other)), StartsWith(expected));
  EXPECT_THAT(ScannedBinary(Message<TBinaryProtocol>(batch, reply)),
              StartsWith("jaeger: message that is no call"));
  EXPECT_THAT(ScannedCompact(Message<TCompactProtocol>(batch, reply)),
              StartsWith("jaeger: message that is no call"));
}

TEST(JaegerMessage, IsRefusedInTheOtherProtocol) {
  const jaeger::Batch batch = BatchOf({Span()});
  EXPECT_THAT(ScannedBinary(Message<TCompactProtocol>(batch)),
              StartsWith("jaeger: message of another version"));
  EXPECT_THAT(ScannedCompact(Message<TBinaryProtocol>(batch)),
              StartsWith("jaeger: message of another protocol"));
}

TEST(JaegerMessage, IsRefusedWithoutABatch) {
  EXPECT_EQ(ScannedCompact(std::string("\x82\x81\x01\x09"
                                       "emitBatch\0",
                                       14)),
            "jaeger: call without a batch at byte 14");
}

TEST(JaegerMessage, IsRefusedWhereverItIsCutOff) {
  RandomJaegerBatch random(2);
  jaeger::Batch batch = random.Make();
  batch.spans = {random.MakeSpan(), random.MakeSpan(), Span()};
  const std::string binary = Message<WithUnknownFields<TBinaryProtocol>>(batch);
  for (size_t size = 0; size < binary.size(); ++size) {
    EXPECT_THAT(ScannedBinary(binary.substr(0, size)), StartsWith("jaeger: ")) << size;
  }
  const std::string compact = Message<WithUnknownFields<TCompactProtocol>>(batch);
  for (size_t size = 0; size < compact.size(); ++size) {
    EXPECT_THAT(ScannedCompact(compact.substr(0, size)), StartsWith("jaeger: ")) << size;
  }
}

// The head of a compact call of emitBatch and the beginning of its batch.
const std::string kCompactStart = std::string("\x82\x81\x01\x09") + "emitBatch" + "\x1c";

TEST(JaegerMessage, ReservesNothingForACountItCannotHold) {
  EXPECT_THAT(ScannedCompact(kCompactStart + "\x29\xfc\xff\xff\xff\xff\x07"),
              StartsWith("jaeger: count beyond the end"));
  EXPECT_THAT(ScannedCompact(kCompactStart + "\x29\xfc\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
              StartsWith("jaeger: count beyond the end"));
  EXPECT_THAT(ScannedCompact(kCompactStart + "\x28\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
              StartsWith("jaeger: length beyond the end"));
  EXPECT_THAT(ScannedCompact(kCompactStart + "\x26" + std::string(11, '\x80')),
              StartsWith("jaeger: number longer than ten bytes"));
}

TEST(JaegerMessage, IsRefusedWhenNestedTooDeeply) {
  EXPECT_THAT(ScannedCompact(kCompactStart + std::string(100, '\x9c')),
              StartsWith("jaeger: nested too deeply"));
  EXPECT_THAT(ScannedCompact(kCompactStart + "\x99" + std::string(100, '\x19')),
              StartsWith("jaeger: nested too deeply"));
}

}  // namespace
}  // namespace clew::wire

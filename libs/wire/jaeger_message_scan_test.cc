// SPDX-License-Identifier: Apache-2.0
// The datagrams of Jaeger's clients, written by thrift's own protocols.
#include <gmock/gmock.h>

#include <random>

#include "wire/jaeger_batch_fixture.h"
#include "wire/jaeger_thrift_scan.h"
#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

using apache::thrift::protocol::TBinaryProtocol;
using apache::thrift::protocol::TCompactProtocol;
using apache::thrift::protocol::TMessageType;
using apache::thrift::protocol::TProtocol;
using apache::thrift::protocol::TType;
using testing::HasSubstr;
using testing::StartsWith;

struct Call {
  std::string method = "emitBatch";
  TMessageType type = apache::thrift::protocol::T_ONEWAY;
};

// Writes a call whose argument is `batch`, after fields that nobody knows.
template <typename Protocol>
std::string Message(const jaeger::Batch& batch, const Call& call = {},
                    void (*unknown_fields)(TProtocol&) = nullptr) {
  return Written<Protocol>([&](auto& protocol) {
    protocol.writeMessageBegin(call.method, call.type, 300);
    protocol.writeStructBegin("emitBatch_args");
    if (unknown_fields != nullptr) unknown_fields(protocol);
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

int64_t RandomNumber(std::mt19937_64& random) {
  return static_cast<int64_t>(random()) >> random() % 64;
}

std::string RandomText(std::mt19937_64& random) {
  std::string text(random() % 8 == 0 ? random() % 300 : random() % 12, 'a');
  for (char& letter : text) letter = static_cast<char>(random());
  return text;
}

jaeger::Tag RandomTag(std::mt19937_64& random) {
  jaeger::Tag tag;
  tag.__set_key(random() % 4 == 0 ? "error" : RandomText(random));
  tag.__set_vType(static_cast<jaeger::TagType::type>(random() % 6));
  if (random() % 2 == 0) tag.__set_vStr(RandomText(random));
  if (random() % 2 == 0) tag.__set_vDouble(static_cast<double>(RandomNumber(random)) / 3);
  if (random() % 2 == 0) tag.__set_vBool(random() % 2 == 0);
  if (random() % 2 == 0) tag.__set_vLong(RandomNumber(random));
  if (random() % 2 == 0) tag.__set_vBinary(RandomText(random));
  return tag;
}

template <typename Make>
auto RandomList(std::mt19937_64& random, Make make) {
  std::vector<decltype(make(random))> list;
  // Past 14 elements the compact protocol writes the count in another way.
  for (size_t left = random() % 10 == 0 ? 20 : random() % 4; left > 0; --left) {
    list.push_back(make(random));
  }
  return list;
}

jaeger::SpanRef RandomRef(std::mt19937_64& random) {
  return Ref(static_cast<jaeger::SpanRefType::type>(random() % 2),
             static_cast<int64_t>(random() % 3), RandomNumber(random));
}

jaeger::Log RandomLog(std::mt19937_64& random) {
  jaeger::Log log;
  log.timestamp = RandomNumber(random) & INT32_MAX;
  log.fields = RandomList(random, RandomTag);
  return log;
}

jaeger::Span RandomSpan(std::mt19937_64& random) {
  jaeger::Span span;
  span.traceIdLow = static_cast<int64_t>(random() % 3);
  span.traceIdHigh = random() % 2 == 0 ? 0 : RandomNumber(random);
  span.spanId = RandomNumber(random);
  span.parentSpanId = random() % 2 == 0 ? 0 : RandomNumber(random);
  span.operationName = RandomText(random);
  span.flags = static_cast<int32_t>(RandomNumber(random));
  span.startTime = RandomNumber(random) & INT32_MAX;
  span.duration = random() % 8 == 0 ? RandomNumber(random) : RandomNumber(random) & INT32_MAX;
  if (random() % 2 == 0) span.__set_references(RandomList(random, RandomRef));
  if (random() % 2 == 0) span.__set_tags(RandomList(random, RandomTag));
  if (random() % 2 == 0) span.__set_logs(RandomList(random, RandomLog));
  return span;
}

jaeger::Batch RandomBatch(std::mt19937_64& random) {
  jaeger::Batch batch;
  batch.process.serviceName = RandomText(random);
  if (random() % 2 == 0) batch.process.__set_tags(RandomList(random, RandomTag));
  batch.spans = RandomList(random, RandomSpan);
  if (random() % 2 == 0) batch.__set_seqNo(RandomNumber(random));
  return batch;
}

TEST(JaegerMessage, SaysTheSameInEveryProtocol) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 3000; ++round) {
    const jaeger::Batch batch = RandomBatch(random);
    const std::string expected = TranscriptOf(ScanJaegerThrift, Encode(batch));
    ASSERT_THAT(expected, StartsWith("resource"));
    ASSERT_EQ(ScannedBinary(Message<TBinaryProtocol>(batch)), expected) << round;
    ASSERT_EQ(ScannedBinary(Message<OldBinaryProtocol>(batch)), expected) << round;
    ASSERT_EQ(ScannedCompact(Message<TCompactProtocol>(batch)), expected) << round;
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

// A field of every type, in another order than that of their ids.
void WriteUnknownFields(TProtocol& protocol) {
  const auto field = [&](TType type, int16_t id, auto write) {
    protocol.writeFieldBegin("", type, id);
    write();
    protocol.writeFieldEnd();
  };
  field(TType::T_BOOL, 900, [&] { protocol.writeBool(true); });
  field(TType::T_BOOL, 901, [&] { protocol.writeBool(false); });
  field(TType::T_BYTE, 7, [&] { protocol.writeByte(-1); });
  field(TType::T_I16, 8, [&] { protocol.writeI16(-300); });
  field(TType::T_I32, -3, [&] { protocol.writeI32(INT32_MIN); });
  field(TType::T_I64, 9, [&] { protocol.writeI64(INT64_MIN); });
  field(TType::T_DOUBLE, 10, [&] { protocol.writeDouble(0.5); });
  field(TType::T_STRING, 11, [&] { protocol.writeString(std::string(200, 'x')); });
  field(TType::T_LIST, 12, [&] {
    protocol.writeListBegin(TType::T_BOOL, 20);
    for (int i = 0; i < 20; ++i) protocol.writeBool(i % 2 == 0);
    protocol.writeListEnd();
  });
  field(TType::T_SET, 13, [&] {
    protocol.writeSetBegin(TType::T_DOUBLE, 1);
    protocol.writeDouble(2);
    protocol.writeSetEnd();
  });
  field(TType::T_MAP, 14, [&] {
    protocol.writeMapBegin(TType::T_STRING, TType::T_I64, 1);
    protocol.writeString("k");
    protocol.writeI64(1);
    protocol.writeMapEnd();
  });
  field(TType::T_MAP, 15, [&] {
    protocol.writeMapBegin(TType::T_STRING, TType::T_I64, 0);
    protocol.writeMapEnd();
  });
  field(TType::T_STRUCT, 16, [&] {
    protocol.writeStructBegin("");
    field(TType::T_BOOL, 30, [&] { protocol.writeBool(true); });
    field(TType::T_STRUCT, 31, [&] {
      protocol.writeStructBegin("");
      field(TType::T_BYTE, 2, [&] { protocol.writeByte(1); });
      protocol.writeFieldStop();
      protocol.writeStructEnd();
    });
    field(TType::T_I32, 33, [&] { protocol.writeI32(5); });
    protocol.writeFieldStop();
    protocol.writeStructEnd();
  });
}

TEST(JaegerMessage, MayHaveFieldsThatNobodyKnows) {
  const jaeger::Batch batch = BatchOf({Span()});
  const std::string expected = TranscriptOf(ScanJaegerThrift, Encode(batch));
  EXPECT_EQ(ScannedBinary(Message<TBinaryProtocol>(batch, {}, WriteUnknownFields)), expected);
  EXPECT_EQ(ScannedCompact(Message<TCompactProtocol>(batch, {}, WriteUnknownFields)), expected);
}

TEST(JaegerMessage, IsRefusedWhereverItIsCutOff) {
  std::mt19937_64 random(2);
  jaeger::Batch batch = RandomBatch(random);
  batch.spans = {RandomSpan(random), RandomSpan(random), Span()};
  const std::string binary = Message<TBinaryProtocol>(batch, {}, WriteUnknownFields);
  for (size_t size = 0; size < binary.size(); ++size) {
    EXPECT_THAT(ScannedBinary(binary.substr(0, size)), StartsWith("jaeger: ")) << size;
  }
  const std::string compact = Message<TCompactProtocol>(batch, {}, WriteUnknownFields);
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

// SPDX-License-Identifier: Apache-2.0
#include "serve/trace_body.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "serve/limits.h"
#include "wire/otlp_json_writer.h"
#include "wire/otlp_writer.h"
#include "wire/protobuf_writer.h"

namespace clew::serve {
namespace {

model::TraceId Id() {
  return *model::TraceId::FromHex("2a");
}

// A tenant with one trace of so many spans, of three resources with two scopes each.
class TraceBody : public testing::Test {
 protected:
  void Fill(uint32_t spans) {
    const auto memtable = std::make_shared<store::Memtable>();
    for (uint32_t i = 0; i < spans; ++i) {
      memtable->OnResource({.schema_url = "url"});
      memtable->OnAttribute("service.name",
                            model::ValueView::String("service " + std::to_string(i % 3)));
      memtable->OnScope({.name = i % 2 == 0 ? "even" : "odd"});
      memtable->OnSpan({.trace_id = Id(),
                        .span_id = *model::SpanId::FromHex(std::to_string(i + 1)),
                        .parent_span_id = {},
                        .name = std::string(i % 500, 'n'),
                        .start_unix_nano = i,
                        .end_unix_nano = i});
      memtable->OnEvent({.name = "event"});
    }
    memtable->Publish(memtable->FinishBody());
    sources_.memtables = {memtable};
  }

  query::FoundTrace Find() { return query::FindTrace(sources_, Id()).value(); }
  template <typename Writer>
  std::string Written(Writer writer) {
    EXPECT_TRUE(query::WriteTrace(sources_, Id(), writer).ok());
    return writer.Take();
  }
  ApiRequest Request() {
    ApiRequest request;
    request.cancelled = nobody_waits_.get_token();
    return request;
  }

  store::Sources sources_;
  std::stop_source nobody_waits_;
};

struct SentBody {
  std::string text;
  size_t pieces = 0, largest = 0;
};

SentBody BodyOf(ApiReply reply) {
  SentBody body{.text = std::move(reply.body)};
  while (reply.rest != nullptr) {
    const base::Result<std::string> piece = reply.rest->Next();
    EXPECT_TRUE(piece.ok());
    if (!piece.ok() || piece.value().empty()) break;
    ++body.pieces;
    body.largest = std::max(body.largest, piece.value().size());
    body.text += piece.value();
  }
  return body;
}

TEST_F(TraceBody, ASmallTraceComesAtOnce) {
  Fill(10);
  const ApiReply json = JsonTrace(Request(), Find(), {"<", ">"}).value();
  EXPECT_EQ(json.rest, nullptr);
  EXPECT_EQ(json.body, "<" + Written(wire::OtlpJsonWriter(wire::JsonDialect::kTempo)) + ">");
  const ApiReply protobuf = ProtobufTrace(Request(), Find(), {}).value();
  EXPECT_EQ(protobuf.rest, nullptr);
  EXPECT_EQ(protobuf.body, Written(wire::OtlpWriter()));
}

TEST_F(TraceBody, ALargeTraceComesInPiecesOfTheSameBytes) {
  Fill(20'000);
  const SentBody json = BodyOf(JsonTrace(Request(), Find(), {"<", ">"}).value());
  EXPECT_GT(json.pieces, 10u);
  EXPECT_LT(json.largest, kReplyPieceBytes + 4096);
  EXPECT_TRUE(json.text == "<" + Written(wire::OtlpJsonWriter(wire::JsonDialect::kTempo)) + ">");

  const SentBody bare = BodyOf(ProtobufTrace(Request(), Find(), {}).value());
  EXPECT_GT(bare.pieces, 10u);
  EXPECT_LT(bare.largest, kReplyPieceBytes + 4096);
  EXPECT_TRUE(bare.text == Written(wire::OtlpWriter()));

  const SentBody framed =
      BodyOf(ProtobufTrace(Request(), Find(), {.field = 1, .after = "after"}).value());
  wire::ProtobufWriter whole;
  whole.Bytes(1, bare.text);
  EXPECT_TRUE(framed.text == whole.Take() + "after");
}

TEST_F(TraceBody, PiecesEndWhenNobodyWaits) {
  Fill(20'000);
  const ApiReply json = JsonTrace(Request(), Find(), {"<", ">"}).value();
  const ApiReply protobuf = ProtobufTrace(Request(), Find(), {}).value();
  nobody_waits_.request_stop();
  EXPECT_EQ(json.rest->Next().error().code, base::ErrorCode::kCancelled);
  EXPECT_EQ(protobuf.rest->Next().error().code, base::ErrorCode::kCancelled);
}

TEST_F(TraceBody, OfNoSpansIsAnEmptyField) {
  EXPECT_EQ(ProtobufTrace(Request(), {}, {.field = 1, .after = "after"}).value().body,
            std::string("\x0a\0", 2) + "after");
}

}  // namespace
}  // namespace clew::serve

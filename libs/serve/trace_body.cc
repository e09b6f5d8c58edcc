// SPDX-License-Identifier: Apache-2.0
#include "serve/trace_body.h"

#include <memory>
#include <stop_token>
#include <utility>

#include "query/cancellation.h"
#include "serve/limits.h"
#include "store/row_reader.h"
#include "wire/otlp_json_writer.h"
#include "wire/otlp_writer.h"
#include "wire/protobuf_writer.h"

namespace clew::serve {
namespace {

// Announces the spans of a trace one after the other.
class TraceCursor {
 public:
  // REQUIRES: the trace has spans.
  explicit TraceCursor(query::FoundTrace trace)
      : trace_(std::move(trace)), reader_(*trace_.memtable, trace_.rows) {}

  bool at_end() const { return next_ == trace_.rows.size(); }
  void ReadNext(model::SpanSink& sink) {
    reader_.Read(trace_.rows[next_], previous_, sink);
    previous_ = trace_.rows[next_++];
  }
  void Restart() {
    next_ = 0;
    previous_.reset();
  }

 private:
  const query::FoundTrace trace_;
  store::RowReader reader_;
  size_t next_ = 0;
  std::optional<uint32_t> previous_;
};

class JsonPieces final : public BodyPieces {
 public:
  JsonPieces(query::FoundTrace trace, JsonFrame frame, std::stop_token cancelled)
      : cursor_(std::move(trace)), frame_(std::move(frame)), cancelled_(std::move(cancelled)) {}

  base::Result<std::string> Next() override {
    if (cancelled_.stop_requested()) return query::QueryCancelled();
    if (ended_) return std::string();
    while (!cursor_.at_end() && writer_.piece_size() < kReplyPieceBytes) cursor_.ReadNext(writer_);
    const std::string before = std::exchange(frame_.before, {});
    ended_ = cursor_.at_end();
    if (ended_) return before + writer_.Take() + frame_.after;
    return before.empty() ? writer_.TakePiece() : before + writer_.TakePiece();
  }

 private:
  TraceCursor cursor_;
  JsonFrame frame_;
  const std::stop_token cancelled_;
  wire::OtlpJsonWriter writer_{wire::JsonDialect::kTempo};
  bool ended_ = false;
};

class ProtobufPieces final : public BodyPieces {
 public:
  // The cursor is at its beginning.
  ProtobufPieces(std::unique_ptr<TraceCursor> cursor, wire::OtlpSizes sizes, ProtobufFrame frame,
                 std::stop_token cancelled)
      : cursor_(std::move(cursor)),
        sizes_(std::move(sizes)),
        frame_(std::move(frame)),
        cancelled_(std::move(cancelled)) {
    if (frame_.field) before_.Begin(*frame_.field, sizes_.total);
  }

  base::Result<std::string> Next() override {
    if (cancelled_.stop_requested()) return query::QueryCancelled();
    if (ended_) return std::string();
    while (!cursor_->at_end() && writer_.size() < kReplyPieceBytes) cursor_->ReadNext(writer_);
    const std::string before = before_.Take();
    ended_ = cursor_->at_end();
    if (ended_) return before + writer_.Take() + frame_.after;
    return before.empty() ? writer_.TakePiece() : before + writer_.TakePiece();
  }

 private:
  const std::unique_ptr<TraceCursor> cursor_;
  const wire::OtlpSizes sizes_;
  const ProtobufFrame frame_;
  const std::stop_token cancelled_;
  wire::ProtobufWriter before_;
  wire::OtlpWriter writer_ = wire::OtlpWriter::InPieces(sizes_);
  bool ended_ = false;
};

// A reply with all of the body if that is not too large, else with its first pieces.
base::Result<ApiReply> ReplyOf(std::string content_type,
                               const std::shared_ptr<BodyPieces>& pieces) {
  ApiReply reply{.content_type = std::move(content_type), .body = {}};
  while (reply.body.size() < kWholeReplyBytes) {
    const std::string piece = TRY(pieces->Next());
    if (piece.empty()) return reply;
    reply.body += piece;
  }
  reply.rest = pieces;
  return reply;
}

// The trace as one string, unless it is too large for that.
std::optional<std::string> Whole(TraceCursor& cursor) {
  wire::OtlpWriter writer;
  while (!cursor.at_end()) {
    if (writer.size() >= kWholeReplyBytes) return std::nullopt;
    cursor.ReadNext(writer);
  }
  return writer.Take();
}

base::Result<wire::OtlpSizes> SizesOf(TraceCursor& cursor, const std::stop_token& cancelled) {
  wire::OtlpSizes sizes;
  wire::OtlpWriter writer = wire::OtlpWriter::Measuring(sizes);
  query::Cancellation cancellation(cancelled);
  while (!cursor.at_end()) {
    if (cancellation.CancelledAfterRow()) return query::QueryCancelled();
    cursor.ReadNext(writer);
  }
  writer.Finish();
  return sizes;
}

}  // namespace

base::Result<ApiReply> JsonTrace(const ApiRequest& request, query::FoundTrace trace,
                                 JsonFrame frame) {
  return ReplyOf("application/json", std::make_shared<JsonPieces>(
                                         std::move(trace), std::move(frame), request.cancelled));
}

base::Result<ApiReply> ProtobufTrace(const ApiRequest& request, query::FoundTrace trace,
                                     ProtobufFrame frame) {
  const std::string content_type = "application/protobuf";
  std::unique_ptr<TraceCursor> cursor;
  std::optional<std::string> whole = std::string();
  if (!trace.rows.empty()) {
    cursor = std::make_unique<TraceCursor>(std::move(trace));
    whole = Whole(*cursor);
  }
  if (whole) {
    wire::ProtobufWriter framed;
    if (frame.field) framed.Bytes(*frame.field, *whole);
    return ApiReply{.content_type = content_type,
                    .body = (frame.field ? framed.Take() : *std::move(whole)) + frame.after};
  }
  cursor->Restart();
  wire::OtlpSizes sizes = TRY(SizesOf(*cursor, request.cancelled));
  cursor->Restart();
  return ReplyOf(content_type,
                 std::make_shared<ProtobufPieces>(std::move(cursor), std::move(sizes),
                                                  std::move(frame), request.cancelled));
}

}  // namespace clew::serve

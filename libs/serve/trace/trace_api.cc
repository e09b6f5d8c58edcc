// SPDX-License-Identifier: Apache-2.0
#include "serve/trace/trace_api.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "query/cancellation.h"
#include "query/trace_filter.h"
#include "query/trace_lookup.h"
#include "serve/limits.h"
#include "serve/tempo_traces.h"
#include "serve/trace/block_trace_columns.h"
#include "serve/trace/trace_columns.h"
#include "serve/trace_body.h"
#include "serve/trace_parameters.h"

namespace clew::serve {
namespace {

ApiReply NoSuchTrace(const ApiRequest& request) {
  return TextReply(404, "there is no trace " + request.path_argument + "\n");
}

// Bytes that are made already, handed out in pieces.
class BytePieces final : public BodyPieces {
 public:
  BytePieces(std::string bytes, size_t sent, std::stop_token cancelled)
      : bytes_(std::move(bytes)), next_(sent), cancelled_(std::move(cancelled)) {}

  base::Result<std::string> Next() override {
    if (cancelled_.stop_requested()) return query::QueryCancelled();
    const size_t size = std::min(bytes_.size() - next_, kReplyPieceBytes);
    std::string piece = bytes_.substr(next_, size);
    next_ += size;
    return piece;
  }

 private:
  const std::string bytes_;
  size_t next_;
  const std::stop_token cancelled_;
};

ApiReply BinaryReply(const ApiRequest& request, std::string bytes) {
  ApiReply reply{.content_type = "application/octet-stream", .body = {}};
  if (bytes.size() <= kWholeReplyBytes) {
    reply.body = std::move(bytes);
    return reply;
  }
  reply.body = bytes.substr(0, kReplyPieceBytes);
  reply.rest = std::make_shared<BytePieces>(std::move(bytes), kReplyPieceBytes, request.cancelled);
  return reply;
}

base::Result<std::vector<model::SpanId>> ParseSpanIds(const ApiRequest& request) {
  std::optional<std::string_view> text = request.Parameter("ids");
  if (!text) {
    return base::Invalid(
        "the parameter ids is missing: IDs of spans, as in ids=00f067aa0ba902b7,2a");
  }
  std::vector<model::SpanId> ids;
  while (true) {
    const size_t comma = text->find(',');
    const std::string_view one = text->substr(0, comma);
    const std::optional<model::SpanId> id = model::SpanId::FromHex(one);
    if (!id) {
      return base::Invalid("span IDs can only contain 1 to 16 hex digits: '" + std::string(one) +
                           "'");
    }
    if (ids.size() == kMaxSpansById) {
      return base::Invalid("at most " + std::to_string(kMaxSpansById) + " span IDs at a time");
    }
    ids.push_back(*id);
    if (comma == std::string_view::npos) break;
    text->remove_prefix(comma + 1);
  }
  std::ranges::sort(ids);
  return ids;
}

// One bit for each row of the columns.
std::string BitsOf(const store::SpanTree& tree, const std::vector<uint32_t>& all,
                   const std::vector<uint32_t>& matching) {
  std::vector<uint32_t> sorted = matching;
  std::ranges::sort(sorted);
  std::string bits;
  base::AppendLittle(bits, static_cast<uint32_t>(tree.size()));
  base::AppendLittle(bits, static_cast<uint32_t>(sorted.size()));
  const size_t head = bits.size();
  bits.resize(head + (tree.size() + 7) / 8);
  for (size_t i = 0; i < tree.size(); ++i) {
    if (!std::ranges::binary_search(sorted, all[tree[i].span])) continue;
    bits[head + i / 8] = static_cast<char>(bits[head + i / 8] | 1 << i % 8);
  }
  return bits;
}

}  // namespace

// nullopt: spans of several places have to be put together, or something is wrong.
std::optional<std::string> ColumnsInOneBlock(const ApiRequest& request, QueryRun& run) {
  const auto id = ParseTraceId(request);
  if (!id.ok()) return std::nullopt;
  const std::optional<query::BlockRun> found = query::FindInOneBlock(run.sources, id.value());
  if (!found) return std::nullopt;
  auto columns = BlockTraceColumns(*found->block, found->rows, request.cancelled);
  if (!columns.ok() || !columns.value()) return std::nullopt;
  run.results = found->rows.count;
  return std::move(columns).value();
}

base::Result<ApiReply> ColumnsOfTrace(const ApiRequest& request, QueryRun& run) {
  if (auto columns = ColumnsInOneBlock(request, run)) {
    return BinaryReply(request, std::move(*columns));
  }
  const query::FoundTrace trace = TRY(FindTrace(request, run, [&](const model::TraceId& id) {
    return query::FindTraceShape(run.sources, id, TraceColumnKeys(),
                                 {.cancelled = request.cancelled, .left_out = &run.notes});
  }));
  if (trace.rows.empty()) return NoSuchTrace(request);
  const std::string remark = RemarksOn(trace, run.notes).message;
  return BinaryReply(request, TraceColumns(trace, TreeOf(trace), remark));
}

base::Result<ApiReply> SpansOfTrace(const ApiRequest& request, QueryRun& run) {
  const std::vector<model::SpanId> ids = TRY(ParseSpanIds(request));
  query::FoundTrace trace = TRY(FindTrace(request, run, [&](const model::TraceId& id) {
    return query::FindSpans(run.sources, id, ids, request.cancelled, &run.notes);
  }));
  if (trace.memtable == nullptr) return NoSuchTrace(request);
  if (trace.rows.empty()) return ApiReply{.body = R"({"trace":{}})"};
  return JsonTrace(request, std::move(trace), {R"({"trace":{"resourceSpans":)", "}}"});
}

base::Result<ApiReply> MatchesInTrace(const ApiRequest& request, QueryRun& run) {
  const std::optional<query::TraceFilter> filter = TRY(ParseTraceFilter(request));
  if (!filter) {
    return base::Invalid("the parameter q is missing: what to match, as in q={ status = error }");
  }
  query::FoundTrace trace = TRY(FindTrace(request, run));
  if (trace.rows.empty()) return NoSuchTrace(request);
  const store::SpanTree tree = TreeOf(trace);
  const std::vector<uint32_t> all = trace.rows;
  TRY(query::FilterTrace(*filter, trace));
  run.results = trace.rows.size();
  return BinaryReply(request, BitsOf(tree, all, trace.rows));
}

}  // namespace clew::serve

// SPDX-License-Identifier: Apache-2.0
#include "serve/open_api.h"

#include <algorithm>
#include <cstdint>
#include <unordered_set>
#include <utility>

#include "serve/limits.h"
#include "wire/json_writer.h"

namespace clew::serve {
namespace {

std::string WhyEmpty(const wire::SpanFile::Contents& contents) {
  std::string text =
      "the file has no spans; it may be OTLP in JSON or protobuf, or Jaeger's or Zipkin's JSON";
  for (const std::string& problem : contents.problems) text += "\n" + problem;
  return text;
}

}  // namespace

base::Result<OpenedFile> OpenSpanFile(std::string bytes) {
  const auto file = TRY(wire::SpanFile::Parse("file", std::move(bytes), kOpenedFileBytes));
  if (file->contents().spans == 0) {
    return base::Error{base::ErrorCode::kInvalidArgument, WhyEmpty(file->contents())};
  }
  auto spans = std::make_shared<store::Memtable>();
  file->Scan(*spans);
  spans->Publish(spans->FinishBody());
  return OpenedFile{.spans = std::move(spans),
                    .contents = file->contents(),
                    .format = std::string(file->format())};
}

ApiReply DescribeOpened(const OpenedFile& file) {
  std::unordered_set<std::string> traces;
  int64_t start = INT64_MAX;
  int64_t end = INT64_MIN;
  for (uint32_t row = 0; row < file.spans->published_rows(); ++row) {
    traces.insert(file.spans->trace_id(row).ToHex());
    start = std::min(start, file.spans->row(row).start_unix_nano);
    end = std::max(end, file.spans->row(row).end_unix_nano);
  }
  wire::JsonWriter out;
  out.BeginObject();
  out.TextMember("format", file.format);
  out.NumberMember("spans", file.contents.spans);
  out.NumberMember("rejectedSpans", file.contents.rejected_spans);
  out.NumberMember("badRequests", file.contents.bad_requests);
  out.NumberMember("traces", traces.size());
  out.TextMember("startTimeUnixNano", std::to_string(start));
  out.TextMember("endTimeUnixNano", std::to_string(end));
  if (traces.size() == 1) {
    out.TextMember("traceID", *traces.begin());
  }
  out.Key("problems");
  out.BeginArray();
  for (const std::string& problem : file.contents.problems) out.String(problem);
  out.EndArray();
  out.EndObject();
  return {.body = out.Take()};
}

}  // namespace clew::serve

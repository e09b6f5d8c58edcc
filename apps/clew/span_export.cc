// SPDX-License-Identifier: Apache-2.0
#include "span_export.h"

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "model/span_filter.h"
#include "store/block.h"

namespace clew {
namespace {

// Passes on the spans that start in a range.
class StartFilter final : public model::SpanFilter {
 public:
  StartFilter(const SpanSelection& selection, model::SpanSink& sink)
      : SpanFilter(sink), selection_(selection) {}

 private:
  bool Passes(const model::SpanView& span) const override {
    return span.start_unix_nano >= selection_.start_unix_nano &&
           span.start_unix_nano < selection_.end_unix_nano;
  }

  const SpanSelection& selection_;
};

bool HoldsAny(const store::CatalogBlock& block, const SpanSelection& selection) {
  return block.max_start_unix_nano >= selection.start_unix_nano &&
         block.min_start_unix_nano < selection.end_unix_nano;
}

}  // namespace

base::Result<model::TraceId> ParseTraceId(const std::string& text) {
  const std::optional<model::TraceId> id = model::TraceId::FromHex(text);
  if (id) return *id;
  return base::Error{base::ErrorCode::kInvalidArgument,
                     "a trace id has 1 to 32 hex digits, this has not: " + text};
}

base::Result<std::unique_ptr<SpanExport>> SpanExport::Open(const std::string& path,
                                                           wire::RequestEncoding encoding) {
  const bool standard = path == "-";
  OwnedFile file(standard ? stdout : std::fopen(path.c_str(), "wb"),
                 standard ? std::fflush : std::fclose);
  if (file == nullptr) {
    return base::Error{base::ErrorCode::kIo, path + ": " + std::strerror(errno)};
  }
  return std::unique_ptr<SpanExport>(
      new SpanExport(std::move(file), standard ? "standard output" : path, encoding));
}

SpanExport::SpanExport(OwnedFile file, std::string name, wire::RequestEncoding encoding)
    : file_(std::move(file)),
      name_(std::move(name)),
      encoding_(encoding),
      splitter_(encoding, {}, [this](const wire::EncodedRequest& request) { Write(request); }) {}

void SpanExport::Write(const wire::EncodedRequest& request) {
  std::FILE* const file = file_.get();
  const bool written =
      std::fwrite(request.bytes.data(), 1, request.bytes.size(), file) == request.bytes.size() &&
      (encoding_ == wire::RequestEncoding::kProtobuf || std::fputc('\n', file) != EOF);
  if (!written && failure_ == 0) failure_ = errno;
  span_count_ += request.span_count;
}

base::Status SpanExport::Add(objects::ObjectStore& objects, const store::CatalogBlock& catalog,
                             const SpanSelection& selection) {
  if (!HoldsAny(catalog, selection)) return {};
  const store::Block block(objects, DescriptionOf(catalog));
  std::vector<store::RowRange> ranges{{.first = 0, .count = static_cast<uint32_t>(catalog.spans)}};
  if (selection.trace_id) ranges = TRY(block.Find(*selection.trace_id));
  StartFilter filter(selection, splitter_);
  for (const store::RowRange& rows : ranges) TRY(block.ReadSpans(rows, filter));
  return {};
}

base::Status SpanExport::Finish() {
  splitter_.Finish();
  if (std::fflush(file_.get()) != 0 && failure_ == 0) failure_ = errno;
  if (failure_ == 0) return {};
  return base::Error{base::ErrorCode::kIo, name_ + ": " + std::strerror(failure_)};
}

}  // namespace clew

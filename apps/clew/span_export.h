// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/ids.h"
#include "objects/object_store.h"
#include "store/catalog_state.h"
#include "wire/request_splitter.h"

namespace clew {

// Which spans are exported.
struct SpanSelection {
  std::optional<model::TraceId> trace_id{};
  // Spans that start in [start, end).
  int64_t start_unix_nano = std::numeric_limits<int64_t>::min();
  int64_t end_unix_nano = std::numeric_limits<int64_t>::max();
};

// A trace id of up to 32 hex digits; kInvalidArgument when it is none.
base::Result<model::TraceId> ParseTraceId(const std::string& text);

// A file of spans that `clew import` reads: OTLP/JSON, a request a line, or OTLP protobuf,
// which is one request all together.
class SpanExport {
 public:
  // "-" is the standard output. kIo when the file cannot be made.
  static base::Result<std::unique_ptr<SpanExport>> Open(const std::string& path,
                                                        wire::RequestEncoding encoding);

  // Adds the spans of a block that are selected, a page of it in memory at a time.
  base::Status Add(objects::ObjectStore& objects, const store::CatalogBlock& block,
                   const SpanSelection& selection);
  // Ends the file; kIo when not all could be written.
  base::Status Finish();

  uint64_t span_count() const { return span_count_; }

 private:
  using OwnedFile = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
  SpanExport(OwnedFile file, std::string name, wire::RequestEncoding encoding);
  void Write(const wire::EncodedRequest& request);

  const OwnedFile file_;
  const std::string name_;
  const wire::RequestEncoding encoding_;
  wire::RequestSplitter splitter_;
  uint64_t span_count_ = 0;
  int failure_ = 0;  // errno of the first write that failed
};

}  // namespace clew

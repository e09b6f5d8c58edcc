// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "serve/api.h"
#include "store/memtable.h"
#include "wire/span_file.h"

// A file of spans that somebody has, looked at like what is stored: it comes with each request,
// and nothing of it is kept.
namespace clew::serve {

// The spans of a file, decoded.
struct OpenedFile {
  std::shared_ptr<const store::Memtable> spans;
  wire::SpanFile::Contents contents;
  std::string format;  // "Jaeger JSON" and so on
};

// OTLP (JSON or protobuf), Jaeger's or Zipkin's JSON, also compressed with gzip or zstd, of
// kOpenedFileBytes at most. kInvalidArgument, saying what is wrong and where, when it has no span.
base::Result<OpenedFile> OpenSpanFile(std::string bytes);

// What POST /api/clew/v1/open answers: the format, how many spans and traces there are and
// from when to when, the ID of a trace if there is but one, and what could not be read.
ApiReply DescribeOpened(const OpenedFile& file);

}  // namespace clew::serve

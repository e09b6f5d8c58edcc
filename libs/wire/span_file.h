// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/span_sink.h"
#include "wire/trace_file.h"

namespace clew::wire {

// What is in a file of spans: one request of OTLP in protobuf, one in JSON, or one in JSON
// on each line, where JSON may also be Jaeger's or Zipkin's. Holds all of the file. Immutable.
class SpanFile {
 public:
  // Takes in the bytes of a file; `name` is for problems. What is compressed with gzip or zstd is
  // decompressed: kTooLarge over `most_bytes`, kInvalidArgument when it cannot be.
  static base::Result<std::unique_ptr<SpanFile>> Parse(std::string name, std::string bytes,
                                                       size_t most_bytes);

  // What was found without sending anything.
  struct Contents {
    uint64_t spans = 0;
    uint64_t rejected_spans = 0;
    uint64_t bad_requests = 0;
    // "shop.jsonl:7: otlp json: ... at byte 5": what is wrong and where, the first few.
    std::vector<std::string> problems{};
  };
  const Contents& contents() const { return contents_; }
  // "Jaeger JSON" and so on.
  std::string_view format() const;

  // Announces the spans of all requests that are good.
  void Scan(model::SpanSink& sink) const;

 private:
  struct Request {
    std::string_view bytes;
    size_t line = 0;  // from 1; 0: the whole file
  };

  SpanFile(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {}
  void FindRequests();
  bool Check(const Request& request);
  void Note(const Request& request, const std::string& problem);

  std::string name_;
  std::string text_;
  std::optional<TraceFileFormat> json_;  // nullopt: OTLP in protobuf
  std::vector<Request> requests_;        // those that are good
  Contents contents_;
};

}  // namespace clew::wire

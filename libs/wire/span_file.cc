// SPDX-License-Identifier: Apache-2.0
#include "wire/span_file.h"

#include <algorithm>
#include <utility>

#include "base/compression.h"
#include "wire/body.h"
#include "wire/otlp_scan.h"

namespace clew::wire {
namespace {

constexpr size_t kMostProblems = 10;
constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Counts what it is told.
class SpanCounter final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView&) override {}
  void OnScope(const model::ScopeView&) override {}
  void OnSpan(const model::SpanView&) override { ++spans; }
  void OnEvent(const model::EventView&) override {}
  void OnLink(const model::LinkView&) override {}
  void OnAttribute(std::string_view, const model::ValueView&) override {}
  void OnRejectedSpan(model::RejectReason reason) override {
    if (rejected_spans++ == 0) first_reason = reason;
  }

  uint64_t spans = 0;
  uint64_t rejected_spans = 0;
  model::RejectReason first_reason{};
};

// By its first bytes.
base::Codec CodecOf(std::string_view bytes) {
  if (bytes.starts_with("\x1f\x8b")) return base::Codec::kGzip;
  if (bytes.starts_with("\x28\xb5\x2f\xfd")) return base::Codec::kZstd;
  return base::Codec::kNone;
}

base::Status ScanAs(std::optional<TraceFileFormat> json, std::string_view bytes,
                    model::SpanSink& sink) {
  return json ? ScanTraceFile(*json, bytes, sink) : ScanOtlp(bytes, sink);
}

bool IsGood(std::optional<TraceFileFormat> json, std::string_view bytes) {
  SpanCounter ignored;
  return ScanAs(json, bytes, ignored).ok();
}

// A text whose first character is an opening brace, which no protobuf begins with. Line
// ends before it may be: there protobuf of that beginning has to be ruled out.
bool LooksLikeJson(std::string_view text) {
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos || (text[first] != '{' && text[first] != '[')) return false;
  return first == 0 || !IsGood(std::nullopt, text);
}

// By its first line or all of it; what neither tells is an error in what it is most like.
TraceFileFormat JsonFormatOf(std::string_view text, std::string_view first_line) {
  if (const auto format = DetectTraceFile(first_line)) return *format;
  const bool is_list = text[text.find_first_not_of(kSpace)] == '[';
  return DetectTraceFile(text).value_or(is_list ? TraceFileFormat::kZipkinJson
                                                : TraceFileFormat::kOtlpJson);
}

}  // namespace

base::Result<std::unique_ptr<SpanFile>> SpanFile::Parse(std::string name, std::string bytes,
                                                        size_t most_bytes) {
  const base::Codec codec = CodecOf(bytes);
  if (codec != base::Codec::kNone) {
    base::Result<std::string> plain = base::Decompress(codec, bytes, most_bytes);
    if (!plain.ok()) return base::Error{plain.error().code, name + ": " + plain.error().message};
    bytes = std::move(plain).value();
  }
  // Where it is it stays, for the requests are views of its text.
  std::unique_ptr<SpanFile> file(new SpanFile(std::move(name), std::move(bytes)));
  file->FindRequests();
  return file;
}

std::string_view SpanFile::format() const {
  return json_ ? NameOf(*json_) : std::string_view("OTLP protobuf");
}

void SpanFile::FindRequests() {
  std::string_view rest = text_;
  if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  if (rest.empty()) return;
  const std::string_view first = rest.substr(0, rest.find('\n'));
  if (LooksLikeJson(rest)) json_ = JsonFormatOf(rest, first);
  const bool lines = json_ && IsGood(json_, first);
  if (!lines) {
    const Request whole{.bytes = rest};
    if (Check(whole)) requests_.push_back(whole);
    return;
  }
  for (size_t line = 1; !rest.empty(); ++line) {
    const size_t size = std::min(rest.find('\n'), rest.size());
    const Request request{.bytes = rest.substr(0, size), .line = line};
    rest.remove_prefix(std::min(size + 1, rest.size()));
    if (request.bytes.find_first_not_of(kSpace) == std::string_view::npos) continue;
    if (Check(request)) requests_.push_back(request);
  }
}

bool SpanFile::Check(const Request& request) {
  SpanCounter counter;
  const base::Status status = ScanAs(json_, request.bytes, counter);
  if (!status.ok()) {
    ++contents_.bad_requests;
    Note(request, status.error().message);
    return false;
  }
  contents_.spans += counter.spans;
  contents_.rejected_spans += counter.rejected_spans;
  if (counter.rejected_spans > 0) {
    Note(request, std::to_string(counter.rejected_spans) + " spans rejected, the first because: " +
                      std::string(Describe(counter.first_reason)));
  }
  return true;
}

void SpanFile::Note(const Request& request, const std::string& problem) {
  if (contents_.problems.size() >= kMostProblems) return;
  std::string place = name_;
  if (request.line > 0) place += ":" + std::to_string(request.line);
  contents_.problems.push_back(place + ": " + problem);
}

void SpanFile::Scan(model::SpanSink& sink) const {
  for (const Request& request : requests_) (void)ScanAs(json_, request.bytes, sink);
}

}  // namespace clew::wire

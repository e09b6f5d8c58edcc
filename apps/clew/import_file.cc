// SPDX-License-Identifier: Apache-2.0
#include "import_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "base/compression.h"
#include "wire/body.h"
#include "wire/otlp_scan.h"

namespace clew {
namespace {

constexpr size_t kMostBytes = size_t{16} << 30;  // of a file, decompressed
constexpr size_t kReadBytes = size_t{1} << 20;
constexpr size_t kMostProblems = 10;
constexpr std::string_view kSpace = " \t\r\n";
const std::string kStandardInput = "standard input";
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

base::Error Named(const std::string& name, base::ErrorCode code, const std::string& what) {
  return {code, name + ": " + what};
}

// Without the compression that its first bytes tell of.
base::Result<std::string> Plain(std::string_view bytes) {
  base::Codec codec = base::Codec::kNone;
  if (bytes.starts_with("\x1f\x8b")) codec = base::Codec::kGzip;
  if (bytes.starts_with("\x28\xb5\x2f\xfd")) codec = base::Codec::kZstd;
  return base::Decompress(codec, bytes, kMostBytes);
}

base::Result<std::string> ReadAll(const std::string& path, const std::string& name) {
  const bool standard = path == "-";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(
      standard ? nullptr : std::fopen(path.c_str(), "rb"),
      [](std::FILE* file) { return file == nullptr ? 0 : std::fclose(file); });
  std::FILE* const file = standard ? stdin : opened.get();
  if (file == nullptr) return Named(name, base::ErrorCode::kNotFound, std::strerror(errno));
  std::string bytes;
  size_t size = 0;
  size_t read = kReadBytes;
  while (read == kReadBytes) {
    bytes.resize(size + kReadBytes);
    read = std::fread(bytes.data() + size, 1, kReadBytes, file);
    size += read;
  }
  if (std::ferror(file) != 0) return Named(name, base::ErrorCode::kIo, std::strerror(errno));
  base::Result<std::string> plain = Plain(std::string_view(bytes).substr(0, size));
  if (!plain.ok()) return Named(name, plain.error().code, plain.error().message);
  return plain;
}

base::Status ScanAs(std::optional<wire::TraceFileFormat> json, std::string_view bytes,
                    model::SpanSink& sink) {
  return json ? wire::ScanTraceFile(*json, bytes, sink) : wire::ScanOtlp(bytes, sink);
}

bool IsGood(std::optional<wire::TraceFileFormat> json, std::string_view bytes) {
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

// By its first line or all of it; what neither tells is OTLP, and an error there.
wire::TraceFileFormat JsonFormatOf(std::string_view text, std::string_view first_line) {
  if (const auto format = wire::DetectTraceFile(first_line)) return *format;
  return wire::DetectTraceFile(text).value_or(wire::TraceFileFormat::kOtlpJson);
}

}  // namespace

base::Result<std::unique_ptr<ImportFile>> ImportFile::Read(const std::string& path) {
  const std::string& name = path == "-" ? kStandardInput : path;
  std::string text = TRY(ReadAll(path, name));
  // Where it is it stays, for the requests are views of its text.
  std::unique_ptr<ImportFile> file(new ImportFile(name, std::move(text)));
  file->FindRequests();
  return file;
}

void ImportFile::FindRequests() {
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

bool ImportFile::Check(const Request& request) {
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
                      std::string(wire::Describe(counter.first_reason)));
  }
  return true;
}

void ImportFile::Note(const Request& request, const std::string& problem) {
  if (contents_.problems.size() >= kMostProblems) return;
  std::string place = name_;
  if (request.line > 0) place += ":" + std::to_string(request.line);
  contents_.problems.push_back(place + ": " + problem);
}

void ImportFile::Scan(model::SpanSink& sink) const {
  for (const Request& request : requests_) (void)ScanAs(json_, request.bytes, sink);
}

}  // namespace clew

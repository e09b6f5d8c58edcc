// SPDX-License-Identifier: Apache-2.0
// Property: of a body of any format, the first byte says which, a rule that is about no attribute
// changes nothing that is told, and one about all leaves none. A body that is refused stays so.
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

#include "ingest/redact/redactor.h"
#include "wire/span_transcript.h"

namespace {

using clew::ingest::Redactor;
using clew::ingest::RedactRules;
using clew::wire::Format;

constexpr Format kFormats[] = {
    Format::kOtlpProtobuf,         Format::kJaegerThriftBinary, Format::kOtlpJson,
    Format::kJaegerBinaryMessage,  Format::kJaegerProtobuf,     Format::kZipkinJson,
    Format::kJaegerCompactMessage, Format::kZipkinProtobuf,     Format::kZipkinJsonV1,
    Format::kZipkinThriftBinary};

class WithoutAttributes final : public clew::model::SpanSink {
 public:
  void OnResource(const clew::model::ResourceView& view) override { rest.OnResource(view); }
  void OnScope(const clew::model::ScopeView& view) override { rest.OnScope(view); }
  void OnSpan(const clew::model::SpanView& view) override { rest.OnSpan(view); }
  void OnEvent(const clew::model::EventView& view) override { rest.OnEvent(view); }
  void OnLink(const clew::model::LinkView& view) override { rest.OnLink(view); }
  void OnAttribute(std::string_view, const clew::model::ValueView&) override {}
  void OnRejectedSpan(clew::model::RejectReason) override {}

  clew::wire::SpanTranscript rest;
};

template <typename Sink>
bool Read(Format format, std::string_view body, Sink& sink) {
  return clew::wire::Scan(format, clew::wire::kDecoderVersion, body, sink).ok();
}

void Check(Format format, std::string_view body) {
  static const Redactor keeps(RedactRules::Parse({"drop:no.such.key"}).value(), {});
  static const Redactor drops(RedactRules::Parse({"drop:*"}).value(), {});
  clew::wire::AcceptedTranscript told;
  WithoutAttributes bare;
  const bool accepted = Read(format, body, told) && Read(format, body, bare);
  const auto kept = keeps.Rewrite(format, body);
  const auto dropped = drops.Rewrite(format, body);
  if (kept.ok() != accepted || dropped.ok() != accepted) std::abort();
  if (!accepted || told.text().find("'no.such.key'") != std::string::npos) return;
  clew::wire::AcceptedTranscript kept_told;
  clew::wire::AcceptedTranscript dropped_told;
  if (!Read(Format::kOtlpProtobuf, kept.value(), kept_told)) std::abort();
  if (!Read(Format::kOtlpProtobuf, dropped.value(), dropped_told)) std::abort();
  if (kept_told.text() != told.text() || dropped_told.text() != bare.rest.text()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  Check(kFormats[data[0] % std::size(kFormats)], body);
  return 0;
}

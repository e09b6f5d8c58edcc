// SPDX-License-Identifier: Apache-2.0
#include "load/span_comparison.h"

#include <algorithm>

#include "wire/otlp_scan.h"
#include "wire/protobuf_scan.h"

namespace clew::load {
namespace {

// The first line in which two texts differ, of the first text.
std::string FirstDifference(std::string_view expected, std::string_view read) {
  const auto [at, other] = std::ranges::mismatch(expected, read);
  const auto offset = static_cast<size_t>(at - expected.begin());
  const auto line_at = [](std::string_view text, size_t position) {
    const size_t before = position == 0 ? std::string_view::npos : text.rfind('\n', position - 1);
    const size_t start = before == std::string_view::npos ? 0 : before + 1;
    return std::string(text.substr(start, std::min<size_t>(text.find('\n', start) - start, 200)));
  };
  return "expected \"" + line_at(expected, offset) + "\", read \"" + line_at(read, offset) + "\"";
}

}  // namespace

SpanDifferences CompareSpans(const std::vector<SpanText>& sent, const std::vector<SpanText>& read,
                             const std::function<void(std::string)>& tell) {
  SpanDifferences differences;
  auto here = sent.begin();
  auto there = read.begin();
  while (here != sent.end() || there != read.end()) {
    if (there == read.end() || (here != sent.end() && here->id < there->id)) {
      ++differences.missing;
      tell("span " + here->id.ToHex() + " is missing");
      ++here;
    } else if (here == sent.end() || there->id < here->id) {
      const bool again = there != read.begin() && (there - 1)->id == there->id;
      ++differences.extra;
      differences.twice += again ? 1 : 0;
      tell("span " + there->id.ToHex() + (again ? " is there again" : " was not sent"));
      ++there;
    } else {
      if (here->text != there->text) {
        ++differences.changed;
        tell("span " + here->id.ToHex() + " differs: " + FirstDifference(here->text, there->text));
      }
      ++here;
      ++there;
    }
  }
  return differences;
}

base::Result<std::vector<SpanText>> ReadTraceResponse(std::string_view response) {
  SpanTexts texts;
  wire::FieldCursor field(response, response.data());
  while (field.Next()) {
    if (field.tag() == wire::Tag(1, wire::WireType::kBytes)) {
      TRY(wire::ScanOtlp(field.bytes(), texts));
    }
  }
  if (field.failed()) return field.failure().ToError("trace response");
  if (texts.rejected() > 0) {
    return base::Error{
        base::ErrorCode::kInvalidArgument,
        "trace response has spans with invalid ids or times: " + std::to_string(texts.rejected())};
  }
  return texts.Take();
}

}  // namespace clew::load

// SPDX-License-Identifier: Apache-2.0
#include "serve/search_parameters.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/clock.h"
#include "serve/go_duration.h"
#include "serve/logfmt.h"
#include "serve/time_units.h"
#include "serve/traceql_query.h"

namespace clew::serve {
namespace {

base::Result<std::optional<int64_t>> ParseDuration(const ApiRequest& request,
                                                   std::string_view name) {
  const std::optional<std::string_view> text = request.Parameter(name);
  if (!text) return std::optional<int64_t>();
  const base::Result<int64_t> nanos = ParseGoDuration(*text);
  if (!nanos.ok())
    return base::Invalid("invalid " + std::string(name) + ": " + nanos.error().message);
  return std::optional<int64_t>(nanos.value());
}

base::Status ParseDurations(const ApiRequest& request, SearchParameters& search) {
  search.min_duration_ns = TRY(ParseDuration(request, "minDuration"));
  search.max_duration_ns = TRY(ParseDuration(request, "maxDuration"));
  if (search.min_duration_ns && search.max_duration_ns &&
      *search.max_duration_ns <= *search.min_duration_ns) {
    return base::Invalid("invalid maxDuration: must be greater than minDuration");
  }
  return {};
}

base::Status ParseLimits(const ApiRequest& request, SearchParameters& search) {
  if (const std::optional<std::string_view> text = request.Parameter("limit")) {
    if (text->starts_with('-')) return base::Invalid("invalid limit: must be a positive number");
    search.limit = TRY(ParseNumber("limit", *text));
    if (search.limit == 0) return base::Invalid("invalid limit: must be a positive number");
    if (search.limit > kMaxResultLimit) {
      return base::Invalid("limit " + std::to_string(search.limit) + " exceeds max limit " +
                           std::to_string(kMaxResultLimit));
    }
  }
  if (const std::optional<std::string_view> text = request.Parameter("spss")) {
    const uint32_t spans = TRY(ParseNumber("spss", *text));
    if (spans > kMaxSpansPerSpanSet) {
      return base::Invalid("spans per span set exceeds " + std::to_string(kMaxSpansPerSpanSet) +
                           ". received " + std::to_string(spans));
    }
    search.spans_per_spanset = spans;
  }
  return {};
}

base::Status AddTag(std::string key, std::string value, SearchParameters& search) {
  const bool known =
      std::ranges::any_of(search.tags, [&](const auto& tag) { return tag.first == key; });
  if (known) return base::Invalid("invalid tags: tag " + key + " has been set twice");
  search.tags.emplace_back(std::move(key), std::move(value));
  return {};
}

base::Status ParseTags(std::string_view text, SearchParameters& search) {
  auto tags = ParseLogfmt(text);
  if (!tags.ok()) return base::Invalid("invalid tags: " + tags.error().message);
  for (auto& [key, value] : tags.value()) TRY(AddTag(std::move(key), std::move(value), search));
  return {};
}

// The oldest form of a search: every parameter without another meaning is a tag.
base::Status ParseLegacyTags(const ApiRequest& request, SearchParameters& search) {
  static constexpr std::array<std::string_view, 9> kReserved = {
      "q", "tags", "minDuration", "maxDuration", "limit", "spss", "start", "end", "since"};
  for (const auto& [key, value] : request.parameters) {
    if (value.empty() || std::ranges::find(kReserved, key) != kReserved.end()) continue;
    TRY(AddTag(key, value, search));
  }
  return {};
}

}  // namespace

base::Result<uint32_t> ParseNumber(std::string_view name, std::string_view text) {
  uint32_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const bool too_large = error == std::errc::result_out_of_range;
  if (error == std::errc() && stop == end) return value;
  return base::Invalid("invalid " + std::string(name) + ": parsing \"" + std::string(text) +
                       "\": " + (too_large ? "value out of range" : "invalid syntax"));
}

base::Result<query::TimeRange> ParseTimeRange(const ApiRequest& request) {
  if (const std::optional<std::string_view> since = request.Parameter("since")) {
    const auto length = ParseGoDuration(*since);
    if (!length.ok()) return base::Invalid("invalid since: " + length.error().message);
    if (length.value() <= 0) return base::Invalid("invalid since: must be a positive duration");
    return query::TimeRange{.start_unix_nano = base::Clock::System().UnixNanos() - length.value()};
  }
  const uint32_t start = TRY(ParseNumber("start", request.Parameter("start").value_or("0")));
  const uint32_t end = TRY(ParseNumber("end", request.Parameter("end").value_or("0")));
  if (end != 0 && end < start) {
    return base::Invalid("http parameter start must be before end. received start=" +
                         std::to_string(start) + " end=" + std::to_string(end));
  }
  query::TimeRange range;
  if (start != 0) range.start_unix_nano = start * kNanosPerSecond;
  if (end != 0) range.end_unix_nano = (int64_t{end} + (start == end ? 1 : 0)) * kNanosPerSecond;
  return range;
}

query::TraceqlRequest TraceqlRequestOf(const SearchParameters& search) {
  return {.pipeline = *search.pipeline,
          .min_duration_ns = search.min_duration_ns,
          .max_duration_ns = search.max_duration_ns,
          .range = search.range,
          .limit = search.limit,
          .spans_per_spanset = search.spans_per_spanset};
}

base::Result<SearchParameters> ParseSearchParameters(const ApiRequest& request) {
  const std::optional<std::string_view> tags = request.Parameter("tags");
  const std::optional<std::string_view> q = request.Parameter("q");
  if (q && tags)
    return base::Invalid("invalid request: can't specify tags and q in the same query");
  SearchParameters search;
  search.range = TRY(ParseTimeRange(request));
  if (q) search.pipeline = TRY(ParseSpansetPipeline(*q));
  if (tags) TRY(ParseTags(*tags, search));
  if (!q && !tags && !request.Parameter("start") && !request.Parameter("end")) {
    TRY(ParseLegacyTags(request, search));
  }
  TRY(ParseDurations(request, search));
  TRY(ParseLimits(request, search));
  return search;
}

}  // namespace clew::serve

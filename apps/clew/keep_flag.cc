// SPDX-License-Identifier: Apache-2.0
#include "keep_flag.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "query/keep_rule.h"
#include "serve/go_duration.h"
#include "serve/traceql_query.h"

namespace clew {
namespace {

constexpr int64_t kDayNanos = int64_t{86'400} * 1'000'000'000;
constexpr int64_t kMostDays = 36'500;

base::Error InvalidFlag(const std::string& flag, const std::string& why) {
  return base::Invalid("--keep '" + flag + "': " + why);
}

base::Result<query::KeepQuery> ParseKeep(std::string_view text,
                                         std::chrono::nanoseconds retention) {
  const size_t equals = text.rfind('=');
  if (equals == std::string_view::npos) {
    return base::Invalid("it has no age, as in '{ status = error }=30d'");
  }
  traceql::SpansetPipeline pipeline = TRY(serve::ParseSpansetPipeline(text.substr(0, equals)));
  const auto age = ParseAge(text.substr(equals + 1));
  if (!age.ok()) {
    return base::Invalid("what follows the last '=' is no age, as in '{ status = error }=30d': " +
                         age.error().message);
  }
  if (age.value() <= retention) return base::Invalid("that is no longer than --retention");
  return query::KeepQuery{std::move(pipeline), age.value().count()};
}

}  // namespace

base::Result<std::chrono::nanoseconds> ParseAge(std::string_view text) {
  std::string_view rest = text;
  int64_t days = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, days);
  if (error == std::errc() && stop != end && *stop == 'd') {
    rest.remove_prefix(static_cast<size_t>(stop + 1 - text.data()));
  } else {
    days = 0;
  }
  int64_t nanos = 0;
  if (rest.size() == text.size() || !rest.empty()) nanos = TRY(serve::ParseGoDuration(rest));
  if (days > kMostDays || nanos > kMostDays * kDayNanos) return base::Invalid("is over 36500 days");
  if (days < 0 || nanos < 0 || days + nanos == 0)
    return base::Invalid("must be longer than nothing");
  return std::chrono::nanoseconds(days * kDayNanos + nanos);
}

base::Result<std::shared_ptr<const store::KeepRule>> ParseKeepRule(
    const std::vector<std::string>& flags, std::chrono::nanoseconds retention) {
  std::vector<query::KeepQuery> queries;
  for (const std::string& flag : flags) {
    if (retention.count() == 0) {
      return InvalidFlag(flag, "without --retention everything is kept for ever");
    }
    base::Result<query::KeepQuery> query = ParseKeep(flag, retention);
    if (!query.ok()) return InvalidFlag(flag, query.error().message);
    queries.push_back(std::move(query).value());
  }
  if (queries.empty()) return std::shared_ptr<const store::KeepRule>();
  auto rule = query::MakeKeepRule(std::move(queries));
  if (!rule.ok()) return base::Invalid("--keep: " + rule.error().message);
  return rule;
}

}  // namespace clew

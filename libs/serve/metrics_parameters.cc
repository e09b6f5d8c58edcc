// SPDX-License-Identifier: Apache-2.0
#include "serve/metrics_parameters.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "serve/go_duration.h"
#include "serve/limits.h"
#include "serve/traceql_query.h"

namespace clew::serve {
namespace {

constexpr int64_t kMilli = 1'000'000;
constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kDefaultRange = 60 * kMinute;
// The year 2096. Times from 1970 to here, and steps no longer than that, can be added to each
// other without overflow.
constexpr int64_t kMaxSeconds = 4'000'000'000;
constexpr int64_t kMaxTime = kMaxSeconds * kSecond;

std::optional<double> NumberOf(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

// The number of `count` digits at `at`, before which `separator` stands, or 0 for anything;
// negative when they are no such.
int DigitsAt(std::string_view text, size_t at, size_t count, char separator) {
  if (text.size() < at + count || (separator != 0 && text[at - 1] != separator)) return -1;
  int value = 0;
  const char* const end = text.data() + at + count;
  const auto [stop, error] = std::from_chars(text.data() + at, end, value);
  return error == std::errc() && stop == end ? value : -1;
}

// The zone of RFC 3339 as minutes east of UTC: Z, +02:00.
std::optional<int> ZoneOf(std::string_view zone) {
  if (zone == "Z" || zone == "z") return 0;
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  const int hours = DigitsAt(zone, 1, 2, 0);
  const int minutes = DigitsAt(zone, 4, 2, ':');
  if (hours < 0 || minutes < 0) return std::nullopt;
  const int offset = hours * 60 + minutes;
  return zone[0] == '-' ? -offset : offset;
}

// 2024-01-31 as days since 1970.
std::optional<int64_t> DaysOf(std::string_view text) {
  const int year = DigitsAt(text, 0, 4, 0);
  const int month = DigitsAt(text, 5, 2, '-');
  const int day = DigitsAt(text, 8, 2, '-');
  if (year < 0 || month < 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// Takes `.25` off the front of a text that has it.
std::optional<double> TakeFraction(std::string_view& text) {
  if (!text.starts_with('.')) return 0.0;
  const size_t end = std::min(text.find_first_not_of("0123456789", 1), text.size());
  const std::optional<double> fraction = NumberOf(text.substr(0, end));
  text.remove_prefix(end);
  return fraction;
}

std::optional<int64_t> ParseRfc3339(std::string_view text) {
  const std::optional<int64_t> days = DaysOf(text);
  const int hour = DigitsAt(text, 11, 2, text.size() > 10 && text[10] == 't' ? 't' : 'T');
  const int minute = DigitsAt(text, 14, 2, ':');
  const int second = DigitsAt(text, 17, 2, ':');
  const bool clock = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0;
  if (!days || !clock || second > 60) return std::nullopt;
  std::string_view rest = text.substr(19);
  const std::optional<double> fraction = TakeFraction(rest);
  const std::optional<int> zone = ZoneOf(rest);
  if (!fraction || !zone) return std::nullopt;
  const int64_t seconds =
      *days * 86'400 + int64_t{hour} * 3'600 + int64_t{minute - *zone} * 60 + second;
  return seconds * kSecond + std::llround(*fraction * kSecond);
}

// Seconds of up to ten digits, or with a fraction; otherwise nanoseconds.
std::optional<int64_t> ParseNumericTime(std::string_view text) {
  int64_t whole = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, whole);
  if (error != std::errc() || whole < 0) return std::nullopt;
  if (stop == end && text.size() > 10) return whole;
  // By parts: a float has not room for all of it.
  std::string_view rest(stop, static_cast<size_t>(end - stop));
  const std::optional<double> fraction = TakeFraction(rest);
  if (!fraction || !rest.empty() || whole > kMaxSeconds) return std::nullopt;
  return whole * kSecond + std::llround(*fraction * kSecond);
}

base::Result<std::optional<int64_t>> TimeParameter(const ApiRequest& request,
                                                   std::string_view name) {
  const std::optional<std::string_view> text = request.Parameter(name);
  if (!text) return std::optional<int64_t>();
  const base::Result<int64_t> time = ParseUnixTime(*text);
  if (time.ok()) return std::optional<int64_t>(time.value());
  return base::Invalid("could not parse '" + std::string(name) +
                       "' parameter: " + time.error().message);
}

base::Status ParseRange(const ApiRequest& request, int64_t now_ns, query::MetricsOptions& options) {
  const std::optional<int64_t> end = TRY(TimeParameter(request, "end"));
  const std::optional<int64_t> start = TRY(TimeParameter(request, "start"));
  options.end_unix_nano = end.value_or(now_ns);
  int64_t since = kDefaultRange;
  if (const std::optional<std::string_view> text = request.Parameter("since")) {
    const base::Result<int64_t> parsed = ParseGoDuration(*text);
    if (!parsed.ok()) {
      return base::Invalid("could not parse 'since' parameter: " + parsed.error().message);
    }
    since = parsed.value();
  }
  const int64_t latest = std::min(options.end_unix_nano, now_ns);
  options.start_unix_nano = start.value_or(latest - std::min(since, latest));
  if (options.end_unix_nano > options.start_unix_nano) return {};
  return base::Invalid("end must be greater than start");
}

base::Status ParseStep(const ApiRequest& request, query::MetricsOptions& options) {
  const int64_t range = options.end_unix_nano - options.start_unix_nano;
  options.step_ns = DefaultStep(range);
  const std::optional<std::string_view> text = request.Parameter("step");
  if (text) {
    const std::optional<double> seconds = NumberOf(*text);
    const base::Result<int64_t> duration = ParseGoDuration(*text);
    if (!seconds && !duration.ok()) {
      return base::Invalid("could not parse 'step' parameter: " + duration.error().message);
    }
    constexpr auto kTooLong = static_cast<double>(kMaxSeconds + 1);
    options.step_ns =
        seconds ? std::llround(std::clamp(*seconds, 0.0, kTooLong) * kSecond) : duration.value();
  }
  if (options.step_ns <= 0) return base::Invalid("step must be greater than 0");
  if (options.step_ns > kMaxTime) return base::Invalid("step is longer than any range");
  if (range / options.step_ns < kMaxMetricsIntervals) return {};
  const int64_t least = range / kMaxMetricsIntervals / kMilli * kMilli + kMilli;
  return base::Invalid("step of " + std::to_string(options.step_ns / kMilli) +
                       "ms is too small, minimum step for given range is " +
                       std::to_string(least / kMilli) + "ms");
}

// What cannot be understood is ignored, as Tempo does.
void ParseExemplars(const ApiRequest& request, query::MetricsOptions& options) {
  const std::optional<std::string_view> text = request.Parameter("exemplars");
  if (!text) return;
  size_t count = 0;
  const auto [stop, error] = std::from_chars(text->data(), text->data() + text->size(), count);
  if (error != std::errc() || stop != text->data() + text->size()) return;
  options.exemplars = std::min(count, kMaxExemplars);
}

}  // namespace

base::Result<int64_t> ParseUnixTime(std::string_view text) {
  std::optional<int64_t> time = ParseNumericTime(text);
  if (!time) time = ParseRfc3339(text);
  if (time && *time >= 0 && *time <= kMaxTime) return *time;
  return base::Invalid("\"" + std::string(text) +
                       "\" is no time from 1970 on: give Unix seconds, or one as in "
                       "2024-01-31T12:00:00Z");
}

int64_t DefaultStep(int64_t range_ns) {
  constexpr int64_t kIntervals = 240;
  constexpr std::array kRound = {60 * kMinute, 5 * kMinute, kMinute,
                                 15 * kSecond, 5 * kSecond, kSecond};
  const int64_t baseline = range_ns / kIntervals;
  if (range_ns < kMinute) {
    constexpr int64_t kShort = 50 * kMilli;
    return std::max(baseline / kShort * kShort, kShort);
  }
  for (const int64_t round : kRound) {
    if (baseline >= round) return baseline / round * round;
  }
  return kSecond;
}

base::Result<MetricsParameters> ParseMetricsParameters(const ApiRequest& request, bool instant,
                                                       int64_t now_ns) {
  std::optional<std::string_view> q = request.Parameter("q");
  if (!q) q = request.Parameter("query");
  if (!q) return base::Invalid("the parameter q is missing; as in q={ } | rate()");
  MetricsParameters parameters{.query = TRY(ParseTraceql(*q)), .options = {.instant = instant}};
  TRY(ParseRange(request, now_ns, parameters.options));
  if (!instant) TRY(ParseStep(request, parameters.options));
  ParseExemplars(request, parameters.options);
  return parameters;
}

}  // namespace clew::serve

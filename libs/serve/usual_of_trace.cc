// SPDX-License-Identifier: Apache-2.0
#include "serve/usual_of_trace.h"

#include <string_view>
#include <utility>

#include "base/time_text.h"
#include "derive/usual_ledger.h"
#include "derive/usual_times_builder.h"
#include "ledger/label.h"

namespace clew::serve {
namespace {

constexpr int64_t kSecondNanos = 1'000'000'000;

// "2026-11-23 14:05:09".
std::string MomentText(int64_t unix_nano) {
  std::string text =
      base::TimeText(unix_nano - (unix_nano % kSecondNanos + kSecondNanos) % kSecondNanos);
  if (const size_t t = text.find('T'); t != std::string::npos) text[t] = ' ';
  if (text.ends_with('Z')) text.pop_back();
  return text;
}

// From the first to the last, with the date once where it is the same.
std::string StretchText(int64_t first, int64_t last) {
  const std::string from = MomentText(first);
  std::string to = MomentText(last);
  if (from == to) return "at " + from + " UTC";
  const size_t date = from.find(' ') + 1;
  if (to.starts_with(from.substr(0, date))) to.erase(0, date);
  return "from " + from + " to " + to + " UTC";
}

std::string TooFewText(uint64_t traces, const std::string& operation, bool in_time) {
  if (!in_time) return "What is usual was not found in time.";
  if (traces == 0) return {};
  return "Too few to say what is usual: " + std::to_string(traces) + " of the " +
         std::to_string(derive::kLeastUsualTraces) + " earlier traces of " + operation +
         " that it takes.";
}

}  // namespace

base::Result<UsualOfTrace> FindUsualOf(const TraceInHand& trace, const ApiRequest& request,
                                       QueryRun& run, ledger::Names& names) {
  UsualOfTrace answer;
  const uint32_t root = trace.ledger.accounts.front().root;
  if (root == ledger::kNone || !trace.parameters.with_usual) return answer;
  const ledger::Span& span = trace.trace.trace.spans[root];
  if (!derive::NamesNoParent(span)) return answer;
  const query::LedgerSources from{.sources = run.sources,
                                  .cancelled = request.cancelled,
                                  .left_out = &run.notes,
                                  .memory = &run.memory};
  const auto start =
      static_cast<int64_t>(static_cast<uint64_t>(trace.trace.start_unix_nano) + span.start_ns);
  answer.found = TRY(query::FindUsual(from, {.trace_id = trace.id,
                                             .service = names.text(span.service),
                                             .name = names.text(span.operation),
                                             .start_unix_nano = start,
                                             .options = trace.parameters.options}));
  const derive::OperationTimes& times = answer.found.times;
  const std::string operation = ledger::LabelOf(span, names);
  if (times.traces() < derive::kLeastUsualTraces) {
    answer.note = TooFewText(times.traces(), operation, answer.found.in_time);
    return answer;
  }
  answer.usual = derive::UsualOf(times, {.rows = trace.rows, .by = trace.parameters.by}, names);
  answer.usual->reference =
      operation + " " + StretchText(times.first_start_unix_nano, times.last_start_unix_nano);
  return answer;
}

}  // namespace clew::serve

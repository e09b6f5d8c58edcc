// SPDX-License-Identifier: Apache-2.0
#include "nezha_days.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace clew::bench {
namespace {

using ledger::kNone;
using ledger::Names;

// A pod's name ends with the numbers of its replica set and of itself.
std::string_view ServiceOf(std::string_view pod) {
  for (int part = 0; part < 2; ++part) {
    const size_t dash = pod.rfind('-');
    if (dash != std::string_view::npos) pod = pod.substr(0, dash);
  }
  return pod;
}

std::vector<std::string_view> Split(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  while (true) {
    const size_t end = line.find(separator);
    fields.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

uint64_t NumberOf(std::string_view text) {
  return std::strtoull(std::string(text).c_str(), nullptr, 10);
}

[[noreturn]] void Refuse(std::string_view line) {
  std::fprintf(stderr, "bench_why: not a line of a day: %.*s\n", static_cast<int>(line.size()),
               line.data());
  std::exit(1);
}

class Reader {
 public:
  explicit Reader(Names& names) : names_(names) {}

  void Take(std::string_view line) {
    const std::vector<std::string_view> words = Split(line, ' ');
    if (words.size() == 2 && words[0] == "day") {
      days.push_back({.name = std::string(words[1])});
    } else if (days.empty()) {
      Refuse(line);
    } else if (words.size() == 4 && words[0] == "fault") {
      days.back().faults.push_back({.time_ns = NumberOf(words[1]),
                                    .service = std::string(ServiceOf(words[2])),
                                    .type = std::string(words[3])});
    } else if (words.size() == 2 && words[0] == "window") {
      window_ = words[1];
      trace_of_.clear();
    } else {
      TakeSpan(line);
    }
  }

  std::vector<Day> days;

 private:
  void TakeSpan(std::string_view line) {
    const std::vector<std::string_view> fields = Split(line, ',');
    if (fields.size() != 8) Refuse(line);
    std::vector<RecordedTrace>& traces = days.back().traces;
    const auto [known, added] = trace_of_.try_emplace(std::string(fields[0]), traces.size());
    if (added) traces.push_back({.window = window_});
    traces[known->second].spans.push_back({.id = std::string(fields[1]),
                                           .parent = std::string(fields[2]),
                                           .pod = names_.CodeOf(fields[3]),
                                           .service = names_.CodeOf(ServiceOf(fields[3])),
                                           .operation = names_.CodeOf(fields[4]),
                                           .start_ns = NumberOf(fields[5]),
                                           .end_ns = NumberOf(fields[6])});
  }

  Names& names_;
  std::string window_;
  std::unordered_map<std::string, size_t> trace_of_;  // of this window
};

// A trace begins with its root, and some ids come twice: the first one counts.
void Tidy(RecordedTrace& trace) {
  std::unordered_set<std::string> seen;
  std::erase_if(trace.spans,
                [&](const RecordedSpan& span) { return !seen.insert(span.id).second; });
  std::ranges::sort(trace.spans, {}, [](const RecordedSpan& span) {
    return std::tuple(span.parent != "root", span.start_ns, std::string_view(span.id));
  });
  trace.started_ns = trace.spans.front().start_ns;
}

std::vector<const RecordedSpan*> Kept(const RecordedTrace& recorded, double lost, uint64_t seed) {
  std::mt19937_64 random(seed ^ recorded.started_ns);
  std::vector<const RecordedSpan*> kept;
  for (const RecordedSpan& span : recorded.spans) {
    const double draw = std::uniform_real_distribution<>(0, 1)(random);
    if (span.parent == "root" || draw >= lost) kept.push_back(&span);
  }
  return kept;
}

// Sets the kinds that follow from where children run.
void InferKinds(const std::vector<const RecordedSpan*>& recorded, ledger::Trace& trace) {
  std::vector<uint32_t> children(trace.spans.size(), 0), child(trace.spans.size(), kNone);
  for (uint32_t i = 0; i < trace.spans.size(); ++i) {
    const ledger::Span& span = trace.spans[i];
    trace.spans[i].kind = model::SpanKind::kInternal;
    if (recorded[i]->parent == "root") trace.spans[i].kind = model::SpanKind::kServer;
    if (span.parent == kNone) continue;
    ++children[span.parent];
    child[span.parent] = i;
  }
  for (uint32_t i = 0; i < trace.spans.size(); ++i) {
    if (children[i] != 1 || recorded[i]->pod == recorded[child[i]]->pod) continue;
    trace.spans[child[i]].kind = model::SpanKind::kServer;
    trace.spans[i].kind = model::SpanKind::kClient;
  }
}

}  // namespace

std::vector<Day> ReadDays(std::istream& in, Names& names) {
  Reader reader(names);
  std::string line;
  while (std::getline(in, line)) reader.Take(line);
  for (Day& day : reader.days) {
    for (RecordedTrace& trace : day.traces) Tidy(trace);
    std::ranges::sort(day.faults, {}, &Fault::time_ns);
  }
  return std::move(reader.days);
}

ledger::Trace TraceOf(const RecordedTrace& recorded, double lost, uint64_t seed) {
  const std::vector<const RecordedSpan*> kept = Kept(recorded, lost, seed);
  std::unordered_map<std::string_view, uint32_t> index_of, missing;
  for (uint32_t i = 0; i < kept.size(); ++i) index_of.emplace(kept[i]->id, i);

  ledger::Trace trace;
  for (const RecordedSpan* span : kept) {
    ledger::Span& made = trace.spans.emplace_back();
    made.start_ns = span->start_ns;
    made.end_ns = span->end_ns;
    made.service = span->service;
    made.operation = span->operation;
    const auto parent = index_of.find(span->parent);
    if (parent != index_of.end()) {
      made.parent = parent->second;
    } else if (span->parent != "root") {
      made.missing_parent =
          missing.try_emplace(span->parent, static_cast<uint32_t>(missing.size())).first->second;
    }
  }
  InferKinds(kept, trace);
  return trace;
}

}  // namespace clew::bench

// SPDX-License-Identifier: Apache-2.0
#include "serve/drawn_traces_fixture.h"

#include <algorithm>
#include <optional>
#include <sstream>
#include <string_view>

#include "base/check.h"
#include "query/drawn_spans_fixture.h"
#include "serve/ledger_api.h"
#include "serve/ledger_set_api.h"

namespace clew::serve {
namespace {

constexpr int64_t kStart = 1'767'268'800'000'000'000;  // 2026-01-01 12:00:00
constexpr int64_t kSecond = 1'000'000'000;

std::optional<DrawnGroup> GroupIn(const std::string& line) {
  if (line == "this one") return DrawnGroup{.count = 1, .is_asked_for = true};
  std::istringstream words(line);
  DrawnGroup group;
  std::string x, in, minutes, to;
  if (!(words >> group.count >> x) || x != "x") return std::nullopt;
  group.by_minute = static_cast<bool>(words >> in >> minutes >> group.first_minute);
  if (!(words >> to >> group.last_minute)) group.last_minute = group.first_minute;
  return group;
}

model::TraceId TraceIdOf(uint32_t number) {
  model::TraceId id;
  id.bytes[14] = static_cast<uint8_t>(number >> 8);
  id.bytes[15] = static_cast<uint8_t>(number);
  return id;
}

std::string Numbered(std::string drawing, uint32_t number) {
  for (size_t place = 0; (place = drawing.find('#', place)) != std::string::npos;) {
    drawing.replace(place, 1, std::to_string(number));
  }
  return drawing;
}

template <typename Answer>
std::string Ask(const store::Memtable& memtable, const ApiRequest& request, Answer answer) {
  QueryRun run(query::SourcesOf(memtable), QueryLimits().memory_bytes);
  base::Result<ApiReply> reply = answer(request, run);
  return reply.ok() ? std::move(reply).value().body : reply.error().message;
}

}  // namespace

DrawnTraces ReadTraces(const ledger::PageExample& example) {
  constexpr std::string_view kPrompt = "$ clew why ";
  DrawnTraces traces;
  std::istringstream lines(example.drawn);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kPrompt)) {
      traces.command = line.substr(kPrompt.size());
    } else if (std::optional<DrawnGroup> group = GroupIn(line)) {
      traces.groups.push_back(std::move(*group));
    } else if (!line.empty()) {
      CHECK(!traces.groups.empty());
      traces.groups.back().drawing += line + "\n";
    }
  }
  return traces;
}

DrawnStore::DrawnStore(const std::vector<DrawnGroup>& groups) {
  for (const DrawnGroup& group : groups) Add(group);
  memtable_.Publish(memtable_.FinishBody());
}

void DrawnStore::Add(const DrawnGroup& group) {
  for (uint32_t minute = group.first_minute; minute <= group.last_minute; ++minute) {
    for (uint32_t i = 0; i < group.count; ++i) {
      const uint32_t second = group.by_minute ? 60 * minute + i : traces_;
      AddTrace(group, kStart + second * kSecond);
    }
  }
  if (group.is_asked_for) asked_for_ = traces_;
}

void DrawnStore::AddTrace(const DrawnGroup& group, int64_t start_unix_nano) {
  ++traces_;
  ledger::Drawing drawing;
  ledger::ReadDrawing(Numbered(group.drawing, traces_), drawing);
  query::Announce(drawing, TraceIdOf(traces_), start_unix_nano, memtable_);
}

std::string DrawnStore::LedgerOfTheOne(Parameters parameters) const {
  CHECK(asked_for_ > 0);
  return Ask(memtable_,
             {.path_argument = TraceIdOf(asked_for_).ToHex(),
              .parameters = std::move(parameters),
              .accept = "*/*"},
             LedgerOfTrace);
}

std::string DrawnStore::LedgerOfMany(Parameters parameters) const {
  return Ask(memtable_, {.path_argument = {}, .parameters = std::move(parameters), .accept = "*/*"},
             LedgerOfSet);
}

uint32_t DrawnStore::NumberOf(const std::string& trace_id) {
  const auto id = model::TraceId::FromHex(trace_id);
  CHECK(id.has_value());
  return uint32_t{id->bytes[14]} << 8 | id->bytes[15];
}

}  // namespace clew::serve

// SPDX-License-Identifier: Apache-2.0
#include "serve/ledger_set_api.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "query/ledger_sets.h"
#include "query/traceql_search.h"
#include "serve/ledger_parameters.h"
#include "serve/ledger_set_json.h"
#include "serve/search_parameters.h"

namespace clew::serve {
namespace {

constexpr std::array<std::string_view, 11> kSetNames = {
    "q",           "baseline", "start", "end",  "since",  "baselineStart",
    "baselineEnd", "traces",   "by",    "rows", "service"};

base::Status CheckSetNames(const ApiRequest& request) {
  for (const auto& [name, value] : request.parameters) {
    if (std::ranges::find(kSetNames, name) != kSetNames.end()) continue;
    return base::Invalid("unknown parameter " + name +
                         "; there are q, baseline, start, end, since, baselineStart, baselineEnd, "
                         "traces, by, rows and service");
  }
  return {};
}

// The request with these parameters only, under other names.
using Renamed = std::pair<std::string_view, std::string_view>;
ApiRequest With(const ApiRequest& request, std::initializer_list<Renamed> names) {
  ApiRequest part{.path_argument = {}, .parameters = {}, .accept = {}};
  for (const auto& [from, to] : names) {
    const std::optional<std::string_view> value = request.Parameter(from);
    if (value) part.parameters.emplace_back(to, *value);
  }
  return part;
}

base::Result<uint32_t> ParseTraces(const ApiRequest& request) {
  const std::optional<std::string_view> text = request.Parameter("traces");
  if (!text) return kDefaultSetTraces;
  const uint32_t traces = TRY(ParseNumber("traces", *text));
  if (traces >= 1 && traces <= kMaxSetTraces) return traces;
  return base::Invalid("invalid traces: must be 1 to " + std::to_string(kMaxSetTraces));
}

constexpr std::string_view kByPath = "path";

struct SetParameters {
  SearchParameters set;
  std::optional<SearchParameters> baseline;
  LedgerParameters ledger;
  bool by_path = false;
  std::optional<std::string> service;  // whose calls
};

base::Result<SearchParameters> ParseSearch(const ApiRequest& part, uint32_t traces) {
  SearchParameters search = TRY(ParseSearchParameters(part));
  search.limit = traces;
  search.spans_per_spanset = 1;
  return search;
}

base::Result<SetParameters> ParseSet(const ApiRequest& request) {
  TRY(CheckSetNames(request));
  if (!request.Parameter("q"))
    return base::Invalid("which traces? give q, a query as {duration > 1s}");
  const uint32_t traces = TRY(ParseTraces(request));
  SearchParameters set = TRY(ParseSearch(
      With(request, {{"q", "q"}, {"start", "start"}, {"end", "end"}, {"since", "since"}}), traces));
  const bool by_path = request.Parameter("by") == kByPath;
  LedgerParameters ledger =
      TRY(ParseLedgerParameters(by_path ? With(request, {{"rows", "rows"}})
                                        : With(request, {{"by", "by"}, {"rows", "rows"}})));
  if (by_path) ledger.by_text = kByPath;
  SetParameters parameters{.set = std::move(set),
                           .baseline = {},
                           .ledger = std::move(ledger),
                           .by_path = by_path,
                           .service = {}};
  if (const auto service = request.Parameter("service")) parameters.service = *service;
  if (!request.Parameter("baseline")) return parameters;
  const bool own_range = request.Parameter("baselineStart") || request.Parameter("baselineEnd");
  parameters.baseline = TRY(ParseSearch(
      own_range
          ? With(request, {{"baseline", "q"}, {"baselineStart", "start"}, {"baselineEnd", "end"}})
          : With(request,
                 {{"baseline", "q"}, {"start", "start"}, {"end", "end"}, {"since", "since"}}),
      traces));
  return parameters;
}

struct NewestTraces {
  std::vector<query::TraceSummary> traces;
  bool is_cut = false;  // there are more
};

// The newest that are in none of `others`. All of these may be newer, so as many more are searched
// for, and one that says that there are more.
base::Result<NewestTraces> NewestOf(const SearchParameters& search,
                                    const std::vector<query::TraceSummary>& others,
                                    const ApiRequest& request, QueryRun& run) {
  query::TraceqlRequest asked = TraceqlRequestOf(search);
  asked.limit = search.limit + static_cast<uint32_t>(others.size()) + 1;
  asked.memory = &run.memory;
  query::SearchResult found = TRY(query::Search(run.sources, asked, request.cancelled, &run.notes));
  NewestTraces newest{.traces = std::move(found.traces)};
  std::unordered_set<std::string> ids;
  for (const query::TraceSummary& trace : others) ids.insert(trace.trace_id.ToHex());
  std::erase_if(newest.traces, [&](const query::TraceSummary& trace) {
    return ids.contains(trace.trace_id.ToHex());
  });
  newest.is_cut = newest.traces.size() > search.limit;
  if (newest.is_cut) newest.traces.resize(search.limit);
  return newest;
}

// The keys that the sets were selected by, of those that their traces have.
std::vector<uint32_t> SelectingKeys(const SetParameters& parameters, ledger::Names& texts) {
  const size_t read = texts.size();
  std::vector<uint32_t> keys = query::SelectingKeys(*parameters.set.pipeline, texts);
  const std::vector<uint32_t> others = query::SelectingKeys(*parameters.baseline->pipeline, texts);
  keys.insert(keys.end(), others.begin(), others.end());
  std::erase_if(keys, [&](uint32_t key) { return key >= read; });
  return keys;
}

// From now on an attribute is what its texts rank as: equal explanations come in the same order
// wherever the spans lie.
void Rank(const ledger::SortedNames& texts, query::SetAttributes& attributes) {
  for (ledger::TraceAttributes& trace : attributes.traces) {
    for (ledger::Attribute& attribute : trace.attributes) {
      attribute.key = texts.RankOf(attribute.key);
      attribute.value = texts.RankOf(attribute.value);
    }
  }
}

std::vector<uint32_t> RanksOf(const ledger::SortedNames& texts, std::vector<uint32_t> codes) {
  for (uint32_t& code : codes) code = texts.RankOf(code);
  std::ranges::sort(codes);
  return codes;
}

// What a value of a trace takes while it is compared, near enough.
constexpr uint64_t kBytesOfValue = 24;

base::Status CompareAttributes(const SetParameters& parameters,
                               const query::TraceAttributeReader& reader, ledger::Names& texts,
                               query::MemoryBudget& memory, SetAnswer& answer) {
  uint64_t values = 0;
  for (const query::SetAttributes* set : {&answer.set.attributes, &answer.baseline->attributes}) {
    for (const ledger::TraceAttributes& trace : set->traces) values += trace.attributes.size();
  }
  TRY(query::MemoryBudget::Charge(&memory, values * kBytesOfValue,
                                  "too many attributes to compare; read fewer traces"));
  const std::vector<uint32_t> selecting = SelectingKeys(parameters, texts);
  AttributeAnswer& attributes =
      answer.attributes.emplace(AttributeAnswer{.texts = ledger::SortedNames(texts)});
  attributes.selecting = RanksOf(attributes.texts, selecting);
  attributes.too_many = RanksOf(attributes.texts, reader.KeysOfTooMany());
  std::vector<uint32_t> excluded = attributes.selecting;
  excluded.insert(excluded.end(), attributes.too_many.begin(), attributes.too_many.end());
  Rank(attributes.texts, answer.set.attributes);
  Rank(attributes.texts, answer.baseline->attributes);
  attributes.comparison = ledger::CompareAttributes(answer.set.attributes.traces,
                                                    answer.baseline->attributes.traces, excluded);
  return {};
}

}  // namespace

base::Result<ApiReply> LedgerOfSet(const ApiRequest& request, QueryRun& run) {
  const SetParameters parameters = TRY(ParseSet(request));
  ledger::Names names, texts;
  query::TraceAttributeReader reader(texts, &run.memory);
  query::TraceAttributeReader* const attributes = parameters.baseline ? &reader : nullptr;
  const query::LedgerSources from{.sources = run.sources,
                                  .cancelled = request.cancelled,
                                  .left_out = &run.notes,
                                  .memory = &run.memory,
                                  .group = GroupOf(parameters.ledger),
                                  .service = parameters.service};
  const NewestTraces set = TRY(NewestOf(parameters.set, {}, request, run));
  SetAnswer answer{.names = names, .parameters = parameters.ledger};
  answer.set.rows = ledger::GroupedRows(parameters.ledger.by);
  if (parameters.by_path) answer.set.paths.emplace();
  answer.set_is_cut = set.is_cut;
  TRY(query::AddLedgers(from, set.traces, names, attributes, answer.set));
  run.results = answer.set.traces.size();
  if (parameters.baseline) {
    const NewestTraces baseline = TRY(NewestOf(*parameters.baseline, set.traces, request, run));
    answer.baseline_is_cut = baseline.is_cut;
    answer.baseline.emplace();
    TRY(query::AddLedgers(from, baseline.traces, names, attributes, *answer.baseline));
    TRY(CompareAttributes(parameters, reader, texts, run.memory, answer));
  }
  return ApiReply{.body = SetJson(answer)};
}

}  // namespace clew::serve

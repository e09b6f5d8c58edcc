// SPDX-License-Identifier: Apache-2.0
// How good is the comparison of two sets of traces on faults of a known kind, place and strength?
// Plants faults in the shop (demo/shop), simulates visits before and after, asks what grew, and
// prints for bench/why.py to count:
//
//   shop KIND STRENGTH SEED RANK NAMED    a fault: which of the culprits is its service, 0 for
//   none,
//                                         and whether the first of them has its operation and
//                                         category as well
//   calm KIND STRENGTH SEED SAID          the same sets without it: 1 if anything stood out
//
//   bench_why_shop SHOP_FILE SEEDS
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "ledger/compare/culprits.h"
#include "ledger/compare/trace_set.h"
#include "ledger/label.h"
#include "ledger/ledger.h"
#include "planted_fault.h"
#include "shop/fault.h"
#include "shop/simulate.h"

namespace clew::bench {
namespace {

using ledger::Culprit;
using ledger::Difference;
using ledger::Names;

constexpr uint64_t kUsualTraces = 400, kTraces = 100;
constexpr uint64_t kBetweenNanos = 100'000'000;  // ten visits a second
constexpr uint64_t kFirstNanos = 1'700'000'000'000'000'000;
constexpr double kStrengths[] = {1.3, 2, 10};

model::SpanKind KindOf(shop::SpanKind kind) {
  switch (kind) {
    case shop::SpanKind::kServer:
      return model::SpanKind::kServer;
    case shop::SpanKind::kClient:
      return model::SpanKind::kClient;
    case shop::SpanKind::kProducer:
      return model::SpanKind::kProducer;
    case shop::SpanKind::kConsumer:
      return model::SpanKind::kConsumer;
  }
  return model::SpanKind::kUnspecified;
}

class Question {
 public:
  explicit Question(Names& names) : names_(names) {}

  // Visits of all kinds, as often as the shop says, at times one after the other.
  ledger::TraceSet SetOf(const shop::Shop& shop, uint64_t seed, uint64_t first, uint64_t count) {
    ledger::TraceSet set;
    for (uint64_t i = 0; i < count; ++i) {
      shop::Dice dice(seed * 1'000'003 + first + i);
      const uint64_t start = kFirstNanos + (first + i) * kBetweenNanos;
      const ledger::Trace trace =
          TraceOf(shop, shop::Simulate(shop, VisitFor(shop, dice), start, dice), start);
      set.Add(trace, ledger::BuildLedger(trace), start);
    }
    return set;
  }

 private:
  const shop::Visit& VisitFor(const shop::Shop& shop, shop::Dice& dice) const {
    double all = 0;
    for (const shop::Visit& visit : shop.visits) all += visit.weight;
    double left = dice.Unit() * all;
    for (const shop::Visit& visit : shop.visits) {
      left -= visit.weight;
      if (left < 0) return visit;
    }
    return shop.visits.back();
  }

  ledger::Trace TraceOf(const shop::Shop& shop, const std::vector<shop::SimulatedSpan>& spans,
                        uint64_t origin) {
    ledger::Trace trace;
    for (const shop::SimulatedSpan& span : spans) {
      trace.spans.push_back({.start_ns = span.start_unix_nano - origin,
                             .end_ns = span.end_unix_nano - origin,
                             .parent = span.parent == shop::kNoParent ? ledger::kNone : span.parent,
                             .service = names_.CodeOf(shop.services[span.service].name),
                             .operation = names_.CodeOf(span.operation),
                             .peer = names_.CodeOf(span.peer),
                             .kind = KindOf(span.kind),
                             .error = span.failed});
    }
    return trace;
  }

  Names& names_;
};

size_t RankOf(const std::vector<Culprit>& culprits, uint32_t service) {
  for (size_t i = 0; i < culprits.size(); ++i) {
    if (culprits[i].service == service) return i + 1;
  }
  return 0;
}

bool IsNamed(const Difference& difference, const std::vector<Culprit>& culprits,
             const shop::FaultOwner& owner, Names& names) {
  if (difference.nothing_stands_out() || culprits.empty()) return false;
  const Culprit& first = culprits.front();
  if (first.reason != Culprit::Reason::kGrowth) return false;
  const ledger::Suspect& suspect = difference.suspects[first.index];
  const ledger::PartGrowth& part = suspect.parts.front();
  return names.text(suspect.service) == owner.service &&
         names.text(part.operation) == owner.operation &&
         ledger::NameOf(part.part.category) == owner.category;
}

void AskOne(const shop::Shop& shop, shop::FaultKind kind, double strength, uint64_t seed) {
  const std::string name(shop::NameOf(kind));
  const PlantedFault planted = PlantFault(shop, kind, strength, seed);
  const shop::FaultOwner owner = shop::OwnerOf(shop, planted.place);
  Names names;
  Question question(names);
  const ledger::TraceSet usual = question.SetOf(shop, seed, 0, kUsualTraces);
  const Difference difference =
      ledger::Compare(question.SetOf(planted.shop, seed, kUsualTraces, kTraces), usual);
  const std::vector<Culprit> culprits = ledger::CulpritsOf(difference);
  const bool named = IsNamed(difference, culprits, owner, names);
  std::printf("shop %s %g %llu %zu %d\n", name.c_str(), strength,
              static_cast<unsigned long long>(seed), RankOf(culprits, names.CodeOf(owner.service)),
              named);
  const Difference calm = ledger::Compare(question.SetOf(shop, seed, kUsualTraces, kTraces), usual);
  std::printf("calm %s %g %llu %d\n", name.c_str(), strength, static_cast<unsigned long long>(seed),
              !calm.nothing_stands_out());
}

int Main(const char* path, uint64_t seeds) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto shop = shop::ReadShop(text, path);
  if (!shop.ok()) {
    std::fprintf(stderr, "%s\n", shop.error().message.c_str());
    return 2;
  }
  for (const shop::FaultKind kind : shop::kFaultKinds) {
    for (const double strength : kStrengths) {
      for (uint64_t seed = 1; seed <= seeds; ++seed) AskOne(shop.value(), kind, strength, seed);
    }
  }
  return 0;
}

}  // namespace
}  // namespace clew::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: bench_why_shop SHOP_FILE SEEDS\n", stderr);
    return 2;
  }
  return clew::bench::Main(argv[1], static_cast<uint64_t>(std::atoll(argv[2])));
}

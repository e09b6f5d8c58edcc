// SPDX-License-Identifier: Apache-2.0
// Is the attribute found that slow traces have in common? Visits of the shop's checkout carry
// what theirs would: who comes, with what, to which instance of each service, an order's number,
// and in which class of durations it is. For one value, which the seed picks, they take twice as
// long. Asked is what the slowest tenth has more of than the rest, and what bench/why.py counts is
// printed:
//
//   planted SEED RANK KEY VALUE   where the value is in the answer, 0 if nowhere
//   plain SEED SAID               the same visits without it: how many values are in the answer
//
//   bench_why_attributes SHOP_FILE SEEDS
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/check.h"
#include "ledger/compare/attributes.h"
#include "planted_fault.h"
#include "shop/simulate.h"

namespace clew::bench {
namespace {

using ledger::Attribute;
using ledger::Names;

constexpr uint64_t kTraces = 1000;
constexpr uint32_t kInstances = 4;  // of each service
constexpr double kStrength = 2;

// What every trace may have: a key, and its values, of which one is drawn for each.
struct Choice {
  uint32_t key = 0;
  std::vector<uint32_t> values;
};

std::vector<Choice> ChoicesOf(const shop::Shop& shop, Names& names) {
  std::vector<Choice> choices;
  for (const auto& [key, values] : shop.visitors) {
    Choice& choice = choices.emplace_back(Choice{.key = names.CodeOf(key), .values = {}});
    for (const std::string& value : values) choice.values.push_back(names.CodeOf(value));
  }
  for (const shop::Service& service : shop.services) {
    Choice& choice = choices.emplace_back();
    choice.key = names.CodeOf(service.name + " service.instance.id");
    for (uint32_t i = 0; i < kInstances; ++i) {
      choice.values.push_back(names.CodeOf(service.name + "-" + std::to_string(i)));
    }
  }
  return choices;
}

class Experiment {
 public:
  Experiment(const shop::Shop& shop, uint64_t seed) : shop_(shop), seed_(seed) {
    choices_ = ChoicesOf(shop, names_);
    shop::Dice dice(seed);
    const Choice& choice = choices_[dice.Below(static_cast<uint32_t>(choices_.size()))];
    planted_ = {.key = choice.key,
                .value = choice.values[dice.Below(static_cast<uint32_t>(choice.values.size()))]};
  }

  // What is said with the planted value, or without any.
  ledger::AttributeComparison Ask(bool plants) {
    const PlantedFault fault = PlantFault(shop_, shop::FaultKind::kLockWait, kStrength, seed_);
    std::vector<ledger::TraceAttributes> traces;
    for (uint64_t i = 0; i < kTraces; ++i) {
      shop::Dice dice(seed_ * 1'000'003 + i);
      ledger::TraceAttributes trace{.nanos = 0, .attributes = Draw(dice)};
      const bool slow =
          plants && std::ranges::find(trace.attributes, planted_) != trace.attributes.end();
      const shop::Shop& shop = slow ? fault.shop : shop_;
      trace.nanos = shop::Simulate(shop, shop.visits.front(), 0, dice).front().end_unix_nano;
      trace.attributes.push_back(
          {.key = names_.CodeOf("order.id"), .value = names_.CodeOf(std::to_string(i))});
      traces.push_back(std::move(trace));
    }
    return Compare(std::move(traces));
  }

  size_t RankIn(const ledger::AttributeComparison& found) const {
    for (size_t i = 0; i < found.associations.size(); ++i) {
      if (found.associations[i].attribute == planted_) return i + 1;
    }
    return 0;
  }
  const Attribute& planted() const { return planted_; }
  const std::string& text(uint32_t code) const { return names_.text(code); }

 private:
  std::vector<Attribute> Draw(shop::Dice& dice) const {
    std::vector<Attribute> drawn;
    for (const Choice& choice : choices_) {
      const uint32_t value = dice.Below(static_cast<uint32_t>(choice.values.size()));
      drawn.push_back({.key = choice.key, .value = choice.values[value]});
    }
    return drawn;
  }

  // The slowest tenth with the rest, each told how long it took.
  ledger::AttributeComparison Compare(std::vector<ledger::TraceAttributes> traces) {
    std::ranges::sort(traces, std::ranges::greater{}, &ledger::TraceAttributes::nanos);
    const size_t tenth = traces.size() / 10;
    const uint32_t key = names_.CodeOf("app.duration.class");
    for (size_t i = 0; i < traces.size(); ++i) {
      const uint32_t value = names_.CodeOf("class " + std::to_string(i / tenth));
      traces[i].attributes.push_back({.key = key, .value = value});
    }
    const std::span<const ledger::TraceAttributes> all = traces;
    return ledger::CompareAttributes(all.first(tenth), all.subspan(tenth));
  }

  const shop::Shop& shop_;
  const uint64_t seed_;
  Names names_;
  std::vector<Choice> choices_;
  Attribute planted_;
};

int Main(const char* path, uint64_t seeds) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto shop = shop::ReadShop(text, path);
  if (!shop.ok()) {
    std::fprintf(stderr, "%s\n", shop.error().message.c_str());
    return 2;
  }
  shop.value().visits.resize(1);  // the checkout
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    Experiment experiment(shop.value(), seed);
    const size_t rank = experiment.RankIn(experiment.Ask(true));
    std::printf("planted %llu %zu %s %s\n", static_cast<unsigned long long>(seed), rank,
                experiment.text(experiment.planted().key).c_str(),
                experiment.text(experiment.planted().value).c_str());
    std::printf("plain %llu %zu\n", static_cast<unsigned long long>(seed),
                experiment.Ask(false).associations.size());
  }
  return 0;
}

}  // namespace
}  // namespace clew::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: bench_why_attributes SHOP_FILE SEEDS\n", stderr);
    return 2;
  }
  return clew::bench::Main(argv[1], static_cast<uint64_t>(std::atoll(argv[2])));
}

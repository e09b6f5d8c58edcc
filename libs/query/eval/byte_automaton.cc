// SPDX-License-Identifier: Apache-2.0
// Thompson's construction, then that of subsets.
#include "query/eval/byte_automaton.h"

#include <algorithm>
#include <bitset>
#include <map>
#include <utility>

#include "query/eval/byte_expression.h"

namespace clew::query {
namespace {

using Kind = ByteExpression::Kind;
using Bytes = std::bitset<256>;

// More would take longer to make than they save, and more memory than a cache has.
constexpr size_t kMaxSteps = 5000;
constexpr size_t kMaxStates = 2000;

// What is to come of a text: a byte and what follows, either of two, or nothing more.
struct Step {
  enum class Type : uint8_t { kByte, kEither, kEnd };
  Type type = Type::kEnd;
  Bytes bytes{};
  uint32_t next = 0, other = 0;
};

// The steps of an expression; nothing once there are too many.
class Steps {
 public:
  explicit Steps(const ByteExpression& expression) {
    steps_.push_back({});
    first_ = Before(expression, 0);
  }

  bool too_many() const { return steps_.size() > kMaxSteps; }
  uint32_t first() const { return first_; }
  const std::vector<Step>& all() const { return steps_; }

 private:
  uint32_t Add(Step step) {
    if (!too_many()) steps_.push_back(step);
    return static_cast<uint32_t>(steps_.size() - 1);
  }
  uint32_t Either(uint32_t one, uint32_t other) {
    return Add({.type = Step::Type::kEither, .next = one, .other = other});
  }

  // The step that begins the expression when `next` follows it.
  uint32_t Before(const ByteExpression& expression, uint32_t next) {
    if (too_many()) return 0;
    switch (expression.kind) {
      case Kind::kBytes:
        return Add({.type = Step::Type::kByte, .bytes = expression.bytes, .next = next});
      case Kind::kConcatenation:
        for (size_t i = expression.parts.size(); i > 0; --i) {
          next = Before(expression.parts[i - 1], next);
        }
        return next;
      case Kind::kAlternation: {
        uint32_t first = Before(expression.parts.back(), next);
        for (size_t i = expression.parts.size() - 1; i > 0; --i) {
          first = Either(Before(expression.parts[i - 1], next), first);
        }
        return first;
      }
      case Kind::kRepetition:
        return Repeated(expression, next);
    }
    return next;
  }

  uint32_t Repeated(const ByteExpression& expression, uint32_t next) {
    const ByteExpression& part = expression.parts.front();
    uint32_t first = next;
    if (expression.most == ByteExpression::kNoLimit) {
      first = Either(0, next);
      const uint32_t again = Before(part, first);
      if (!too_many()) steps_[first].next = again;
    } else {
      for (uint32_t i = expression.least; i < expression.most && !too_many(); ++i) {
        first = Either(Before(part, first), next);
      }
    }
    for (uint32_t i = 0; i < expression.least && !too_many(); ++i) first = Before(part, first);
    return first;
  }

  std::vector<Step> steps_;
  uint32_t first_ = 0;
};

// Sets of steps that a text may have come to.
class Subsets {
 public:
  explicit Subsets(const std::vector<Step>& steps) : steps_(steps), seen_(steps.size()) {}

  using Set = std::vector<uint32_t>;  // ascending; steps that take a byte, or the end
  // All that `from` comes to without a byte.
  Set Reached(const Set& from) {
    std::vector<uint32_t> waiting = from;
    Set reached;
    std::vector<uint32_t> marked;
    while (!waiting.empty()) {
      const uint32_t step = waiting.back();
      waiting.pop_back();
      if (seen_[step]) continue;
      seen_[step] = true;
      marked.push_back(step);
      if (steps_[step].type == Step::Type::kEither) {
        waiting.push_back(steps_[step].next);
        waiting.push_back(steps_[step].other);
      } else {
        reached.push_back(step);
      }
    }
    for (const uint32_t step : marked) seen_[step] = false;
    std::ranges::sort(reached);
    return reached;
  }

  Set After(const Set& set, uint8_t byte) {
    Set next;
    for (const uint32_t step : set) {
      if (steps_[step].type == Step::Type::kByte && steps_[step].bytes[byte]) {
        next.push_back(steps_[step].next);
      }
    }
    return Reached(next);
  }

  bool IsEnd(const Set& set) const {
    return std::ranges::any_of(
        set, [&](uint32_t step) { return steps_[step].type == Step::Type::kEnd; });
  }

 private:
  const std::vector<Step>& steps_;
  std::vector<bool> seen_;
};

// Numbers the bytes so that those which no step tells apart have the same; gives one byte of each.
std::vector<uint8_t> Classify(const std::vector<Step>& steps, std::array<uint8_t, 256>& class_of) {
  std::map<std::vector<bool>, uint8_t> known;
  std::vector<uint8_t> examples;
  for (size_t byte = 0; byte < 256; ++byte) {
    std::vector<bool> told;
    for (const Step& step : steps) {
      if (step.type == Step::Type::kByte) told.push_back(step.bytes[byte]);
    }
    const auto [place, added] =
        known.try_emplace(std::move(told), static_cast<uint8_t>(examples.size()));
    if (added) examples.push_back(static_cast<uint8_t>(byte));
    class_of[byte] = place->second;
  }
  return examples;
}

}  // namespace

std::optional<ByteAutomaton> ByteAutomaton::Build(std::string_view pattern) {
  const std::optional<ByteExpression> expression = ParseByteExpression(pattern);
  if (!expression) return std::nullopt;
  const Steps steps(*expression);
  if (steps.too_many()) return std::nullopt;
  ByteAutomaton automaton;
  const std::vector<uint8_t> examples = Classify(steps.all(), automaton.class_of_);
  const auto width = static_cast<uint32_t>(examples.size());
  Subsets subsets(steps.all());
  std::map<Subsets::Set, uint32_t> states;
  std::vector<const Subsets::Set*> waiting;  // in the order of their states
  const auto state_of = [&](Subsets::Set set) {
    const auto [place, added] =
        states.try_emplace(std::move(set), static_cast<uint32_t>(states.size()) * width);
    if (added) waiting.push_back(&place->first);
    return place->second;
  };
  state_of({});  // kNowhere
  automaton.start_ = state_of(subsets.Reached({steps.first()}));
  for (size_t i = 0; i < waiting.size(); ++i) {
    if (states.size() > kMaxStates) return std::nullopt;
    automaton.accepts_.resize(i * width + 1);
    automaton.accepts_.back() = subsets.IsEnd(*waiting[i]);
    for (const uint8_t byte : examples) {
      automaton.next_.push_back(state_of(subsets.After(*waiting[i], byte)));
    }
  }
  return automaton;
}

void ByteAutomaton::Advance(Lanes& lanes) const {
  auto& [a, b, c, d] = lanes;
  const size_t bytes = std::min({a.left.size(), b.left.size(), c.left.size(), d.left.size()});
  std::array states = {a.state, b.state, c.state, d.state};
  for (size_t i = 0; i < bytes; ++i) {
    states = {Next(states[0], a.left[i]), Next(states[1], b.left[i]), Next(states[2], c.left[i]),
              Next(states[3], d.left[i])};
  }
  for (size_t i = 0; i < lanes.size(); ++i) {
    lanes[i].left.remove_prefix(bytes);
    lanes[i].state = states[i];
  }
}

}  // namespace clew::query

// SPDX-License-Identifier: Apache-2.0
#include "load/attribute_encoder.h"

#include <algorithm>
#include <bit>
#include <charconv>

#include "base/check.h"

namespace clew::load {
namespace {

constexpr uint32_t kSpanAttributes = 9;
constexpr unsigned kPairTag = kSpanAttributes << 3 | 2;
constexpr unsigned kValueTag = 2 << 3 | 2;  // of KeyValue
constexpr unsigned kTextTag = 1 << 3 | 2;   // of AnyValue
constexpr unsigned kIntegerTag = 3 << 3;
constexpr unsigned kDoubleTag = 4 << 3 | 1;

constexpr uint32_t kMaxHexDigits = 32;
constexpr size_t kMaxDigits = 10;
// A pair that is made for a span has a length of one byte.
constexpr size_t kMaxMadePair = 127;
// Draws of whether a column is there lie behind those of its value.
constexpr uint64_t kPresenceDraws = 128;
// kAnyInteger: each of these is half as large at most as the one before.
constexpr uint32_t kSizeClasses = 8;

uint32_t NumbersOf(const AttributeRule& rule) {
  return rule.chosen_by == ChosenBy::kRoute ? kRoutesPerService : rule.values;
}

void AppendDigits(uint32_t number, size_t count, ByteCursor& out) {
  char digits[kMaxDigits];
  std::to_chars(digits, digits + sizeof digits, number);
  out.Bytes({digits, count});
}

size_t DigitCount(uint32_t number) {
  size_t count = 1;
  for (; number >= 10; number /= 10) ++count;
  return count;
}

void AppendHex(uint64_t random, uint32_t count, ByteCursor& out) {
  uint64_t bits = random;
  for (uint32_t i = 0; i < count; ++i, bits >>= 4) {
    if (i == 16) bits = Mix(random);
    out.Byte(static_cast<unsigned char>("0123456789abcdef"[bits & 15]));
  }
}

}  // namespace

AttributeEncoder::AttributeEncoder(const TraceGenerator& generator) {
  for (uint32_t role = 0; role < kRoleCount; ++role) {
    size_t longest = 0;
    for (const AttributeRule& rule : RulesOf(static_cast<Role>(role))) {
      columns_[role].push_back(MakeColumn(generator.services(), rule));
      longest += IsPrepared(rule.shape) ? columns_[role].back().values.longest() : kMaxMadePair;
    }
    longest_ = std::max(longest_, longest);
  }
}

AttributeEncoder::Column AttributeEncoder::MakeColumn(const ServiceGraph& services,
                                                      const AttributeRule& rule) const {
  const bool drawn_from_table = IsPrepared(rule.shape) || rule.zipf > 0;
  Column column{.rule = rule,
                .draw = ZipfDistribution(drawn_from_table ? rule.values : 1, rule.zipf),
                .presence = static_cast<uint64_t>(rule.presence * 0x1p32),
                .head = {},
                .texts_per_service = rule.texts_of == TextsOf::kAll ? 0 : NumbersOf(rule),
                .values = {}};
  column.head = "\x0a" + std::string(1, static_cast<char>(rule.key.size()));
  column.head += rule.key;
  // Numbered texts by route have as many beginnings as routes, others one.
  const bool one = !IsPrepared(rule.shape) && rule.chosen_by != ChosenBy::kRoute;
  const uint32_t numbers = one ? 1 : NumbersOf(rule);
  if (one) column.texts_per_service = std::min(column.texts_per_service, 1u);
  const uint32_t groups = rule.texts_of == TextsOf::kAll ? 1 : services.service_count();
  for (uint32_t group = 0; group < groups; ++group) {
    for (uint32_t number = 0; number < numbers; ++number) {
      const TextSlot slot{services.name(group), group, number};
      column.values.Add(IsPrepared(rule.shape) ? EncodeAttribute(kSpanAttributes, rule, slot)
                                               : ExpandPattern(rule.pattern, slot));
    }
  }
  if (!IsPrepared(rule.shape)) {
    constexpr size_t kFraming = 6 + std::max<size_t>(kMaxDigits, kMaxHexDigits);
    CHECK(rule.shape != Shape::kHex || rule.values <= kMaxHexDigits);
    CHECK(column.head.size() + column.values.longest() + kFraming <= kMaxMadePair);
  }
  return column;
}

void AttributeEncoder::Append(const RandomKey& key, const Facts& facts, ByteCursor& out) const {
  uint64_t number = static_cast<uint64_t>(DrawOf::kFirstAttribute);
  for (const Column& column : columns_[static_cast<size_t>(facts.role)]) {
    const AttributeRule& rule = column.rule;
    ++number;
    if (rule.presence < 1 && key.Draw(kPresenceDraws + number) >> 32 >= column.presence) continue;
    const uint32_t group = rule.texts_of == TextsOf::kTarget ? facts.target : facts.service;
    uint32_t text = group * column.texts_per_service;
    if (rule.chosen_by == ChosenBy::kRoute) text += facts.route;
    if (!IsPrepared(rule.shape)) {
      AppendMade(column, key.Draw(number), text, out);
      continue;
    }
    if (rule.chosen_by != ChosenBy::kRoute && rule.values > 1) {
      uint32_t picked = column.draw.Pick(key.Draw(number));
      if (rule.chosen_by == ChosenBy::kOutcome) {
        const uint32_t last = rule.values - 1;
        picked = facts.failed ? last : picked % last;
      }
      text += picked;
    }
    column.values.CopyTo(out, text);
  }
}

// A pair is [tag][length][key][tag][length][value], all lengths in one byte.
void AttributeEncoder::AppendMade(const Column& column, uint64_t random, uint32_t text,
                                  ByteCursor& out) {
  const AttributeRule& rule = column.rule;
  const auto begin = [&](size_t value_size) {
    out.Byte(kPairTag);
    out.Byte(static_cast<unsigned>(column.head.size() + 2 + value_size));
    out.Bytes(column.head);
    out.Byte(kValueTag);
    out.Byte(static_cast<unsigned>(value_size));
  };
  if (rule.shape == Shape::kAnyInteger) {
    const uint32_t value = Below(random, rule.values) >> (random % kSizeClasses);
    begin(1 + VarintSize(value));
    out.Byte(kIntegerTag);
    return out.Varint(value);
  }
  if (rule.shape == Shape::kAnyDouble) {
    begin(9);
    out.Byte(kDoubleTag);
    return out.Fixed(std::bit_cast<uint64_t>(Below(random, rule.values) / 100.0));
  }
  if (rule.shape == Shape::kHex) {
    begin(2 + rule.values);
    out.Byte(kTextTag);
    out.Byte(rule.values);
    return AppendHex(random, rule.values, out);
  }
  const uint32_t number = rule.zipf > 0 ? column.draw.Pick(random) : Below(random, rule.values);
  const size_t digits = DigitCount(number);
  const std::string_view beginning = column.values.piece(text);
  begin(2 + beginning.size() + digits);
  out.Byte(kTextTag);
  out.Byte(static_cast<unsigned>(beginning.size() + digits));
  out.CopyPrepared(beginning.data(), beginning.size());
  AppendDigits(number, digits, out);
}

}  // namespace clew::load

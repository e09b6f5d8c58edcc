// SPDX-License-Identifier: Apache-2.0
#include "query/eval/byte_expression.h"

#include <initializer_list>
#include <tuple>
#include <utility>

#include "store/utf8_repair.h"

namespace clew::query {
namespace {

using Kind = ByteExpression::Kind;
using Bytes = std::bitset<256>;

constexpr uint32_t kMaxNesting = 50;
constexpr uint32_t kMaxRepeats = 1000;  // as RE2 has it

ByteExpression OneOf(const Bytes& bytes) {
  return {.kind = Kind::kBytes, .bytes = bytes};
}

ByteExpression Range(uint8_t first, uint8_t last) {
  Bytes bytes;
  for (size_t byte = first; byte <= last; ++byte) bytes.set(byte);
  return OneOf(bytes);
}

ByteExpression Joined(Kind kind, std::vector<ByteExpression> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  return {.kind = kind, .parts = std::move(parts)};
}

// Characters: those of ASCII one by one, of the others all or none.
struct CharacterClass {
  Bytes ascii{};
  bool beyond = false;

  void Merge(const CharacterClass& other) {
    ascii |= other.ascii;
    beyond |= other.beyond;
  }
  void Negate() {
    for (size_t byte = 0; byte < 0x80; ++byte) ascii.flip(byte);
    beyond = !beyond;
  }
  ByteExpression Expression() const {
    if (!beyond) return OneOf(ascii);
    std::vector<ByteExpression> lengths = {OneOf(ascii)};
    for (const auto& [first, last, more] :
         {std::tuple{0xc2, 0xdf, 1}, {0xe0, 0xef, 2}, {0xf0, 0xf4, 3}}) {
      std::vector<ByteExpression> bytes = {
          Range(static_cast<uint8_t>(first), static_cast<uint8_t>(last))};
      for (int i = 0; i < more; ++i) bytes.push_back(Range(0x80, 0xbf));
      lengths.push_back(Joined(Kind::kConcatenation, std::move(bytes)));
    }
    return Joined(Kind::kAlternation, std::move(lengths));
  }
};

bool IsPunctuation(char c) {
  return std::string_view("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~").find(c) != std::string_view::npos;
}

// Recursive descent; whatever it does not know ends it.
class Parser {
 public:
  explicit Parser(std::string_view pattern) : rest_(pattern) {}

  std::optional<ByteExpression> Parse() {
    // What the whole has to match anyway.
    if (rest_.starts_with('^')) rest_.remove_prefix(1);
    std::optional<ByteExpression> all = ParseAlternatives(0);
    if (!all || !rest_.empty()) return std::nullopt;
    return all;
  }

 private:
  using Parsed = std::optional<ByteExpression>;

  bool Take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  Parsed ParseAlternatives(uint32_t depth) {
    if (depth > kMaxNesting) return std::nullopt;
    std::vector<ByteExpression> alternatives;
    do {
      Parsed sequence = ParseSequence(depth);
      if (!sequence) return std::nullopt;
      alternatives.push_back(std::move(*sequence));
    } while (Take("|"));
    return Joined(Kind::kAlternation, std::move(alternatives));
  }

  Parsed ParseSequence(uint32_t depth) {
    std::vector<ByteExpression> items;
    while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
      if (depth == 0 && rest_ == "$") {
        rest_ = {};
        break;
      }
      Parsed item = ParseItem(depth);
      if (!item) return std::nullopt;
      item = ParseRepetition(std::move(*item));
      if (!item) return std::nullopt;
      items.push_back(std::move(*item));
    }
    return Joined(Kind::kConcatenation, std::move(items));
  }

  Parsed ParseItem(uint32_t depth) {
    if (Take("(")) return ParseGroup(depth);
    if (Take("[")) return ParseClass();
    if (Take(".")) return AnyCharacter().Expression();
    if (Take("\\")) {
      const std::optional<CharacterClass> escaped = ParseEscape();
      if (!escaped) return std::nullopt;
      return escaped->Expression();
    }
    if (std::string_view("*+?{^$").find(rest_.front()) != std::string_view::npos) {
      return std::nullopt;
    }
    return ParseLiteral();
  }

  Parsed ParseGroup(uint32_t depth) {
    if (!Take("?:") && rest_.starts_with('?')) return std::nullopt;
    Parsed inside = ParseAlternatives(depth + 1);
    if (!inside || !Take(")")) return std::nullopt;
    return inside;
  }

  // A character of UTF-8.
  Parsed ParseLiteral() {
    const auto lead = static_cast<uint8_t>(rest_.front());
    const size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    std::vector<ByteExpression> bytes;
    for (const char c : rest_.substr(0, size)) {
      bytes.push_back(Range(static_cast<uint8_t>(c), static_cast<uint8_t>(c)));
    }
    rest_.remove_prefix(size);
    return Joined(Kind::kConcatenation, std::move(bytes));
  }

  // What follows a backslash.
  std::optional<CharacterClass> ParseEscape() {
    if (rest_.empty()) return std::nullopt;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    CharacterClass escaped;
    const auto add = [&](uint8_t first, uint8_t last) {
      escaped.ascii |= Range(first, last).bytes;
    };
    switch (c) {
      case 'd':
      case 'D':
        add('0', '9');
        break;
      case 'w':
      case 'W':
        add('0', '9');
        add('A', 'Z');
        add('a', 'z');
        add('_', '_');
        break;
      case 's':
      case 'S':
        add('\t', '\n');
        add('\f', '\r');
        add(' ', ' ');
        break;
      case 'n':
        add('\n', '\n');
        break;
      case 't':
        add('\t', '\t');
        break;
      case 'r':
        add('\r', '\r');
        break;
      default:
        if (!IsPunctuation(c)) return std::nullopt;
        add(static_cast<uint8_t>(c), static_cast<uint8_t>(c));
    }
    if (c == 'D' || c == 'W' || c == 'S') escaped.Negate();
    return escaped;
  }

  static CharacterClass AnyCharacter() {
    CharacterClass any;
    any.Negate();
    return any;
  }

  // What follows a [.
  Parsed ParseClass() {
    CharacterClass all;
    const bool negated = Take("^");
    bool first = true;
    while (first || !rest_.starts_with(']')) {
      first = false;
      if (rest_.empty() || rest_.starts_with("[:")) return std::nullopt;
      if (!AddMember(all)) return std::nullopt;
    }
    rest_.remove_prefix(1);
    if (negated) all.Negate();
    if (all.ascii.none() && !all.beyond) return std::nullopt;
    return all.Expression();
  }

  // A character, an escape, or from one character to another.
  bool AddMember(CharacterClass& all) {
    const bool escaped = rest_.front() == '\\';
    const std::optional<CharacterClass> low = ParseMember();
    if (!low) return false;
    const bool is_range = rest_.size() >= 2 && rest_.front() == '-' && rest_[1] != ']';
    if (!is_range) {
      all.Merge(*low);
      return true;
    }
    rest_.remove_prefix(1);
    if (escaped || rest_.front() == '\\' || rest_.front() == '[') return false;
    const std::optional<CharacterClass> high = ParseMember();
    if (!high) return false;
    const size_t from = low->ascii._Find_first();
    const size_t to = high->ascii._Find_first();
    if (from > to) return false;
    all.ascii |= Range(static_cast<uint8_t>(from), static_cast<uint8_t>(to)).bytes;
    return true;
  }

  std::optional<CharacterClass> ParseMember() {
    if (Take("\\")) return ParseEscape();
    const auto byte = static_cast<uint8_t>(rest_.front());
    if (byte >= 0x80) return std::nullopt;
    rest_.remove_prefix(1);
    return CharacterClass{.ascii = Range(byte, byte).bytes};
  }

  // What stands behind an item may say how often it comes.
  Parsed ParseRepetition(ByteExpression item) {
    uint32_t least = 0;
    uint32_t most = ByteExpression::kNoLimit;
    if (Take("*")) {
    } else if (Take("+")) {
      least = 1;
    } else if (Take("?")) {
      most = 1;
    } else if (rest_.starts_with('{')) {
      if (!ParseCounts(least, most)) return std::nullopt;
    } else {
      return item;
    }
    Take("?");  // fewer first: the same texts
    const bool again =
        !rest_.empty() && std::string_view("*+?{").find(rest_.front()) != std::string_view::npos;
    if (again) return std::nullopt;
    ByteExpression repeated{.kind = Kind::kRepetition, .least = least, .most = most};
    repeated.parts.push_back(std::move(item));
    return repeated;
  }

  // {2}, {2,} or {2,3}.
  bool ParseCounts(uint32_t& least, uint32_t& most) {
    rest_.remove_prefix(1);
    const std::optional<uint32_t> low = ParseCount();
    if (!low) return false;
    least = most = *low;
    if (Take(",")) {
      if (rest_.starts_with('}')) {
        most = ByteExpression::kNoLimit;
      } else {
        const std::optional<uint32_t> high = ParseCount();
        if (!high || *high < *low) return false;
        most = *high;
      }
    }
    return Take("}");
  }

  std::optional<uint32_t> ParseCount() {
    uint32_t count = 0;
    size_t digits = 0;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      count = count * 10 + static_cast<uint32_t>(rest_.front() - '0');
      if (count > kMaxRepeats) return std::nullopt;
      rest_.remove_prefix(1);
      ++digits;
    }
    return digits == 0 ? std::nullopt : std::optional(count);
  }

  std::string_view rest_;
};

}  // namespace

std::optional<ByteExpression> ParseByteExpression(std::string_view pattern) {
  if (!store::IsUtf8(pattern)) return std::nullopt;
  return Parser(pattern).Parse();
}

}  // namespace clew::query

// SPDX-License-Identifier: Apache-2.0
// JSON as a flat list of its values.
//
// simdjson's first stage checks UTF-8 and finds where every token begins: each of {}[]:,
// and the first byte of each string and other scalar, outside of strings. Its interfaces for
// what comes after are of no use here: one converts all numbers and refuses some, the other
// checks only what is looked at, and hands out each value once and in order. A reader of OTLP
// needs the ids of a span before its attributes, wherever they stand, and a body that the log
// will replay has to be right or wrong for good, whatever the version of a library. So one
// walk over the tokens checks every one and notes where it lies: eight bytes a value, no
// number is converted. A string ends at the last quote before the token behind it, and is rid
// of its escapes where it lies, for it only becomes shorter.
#include "wire/json_tree.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>

#include "wire/limits.h"
#include "wire/utf8.h"

namespace clew::wire {
namespace {

constexpr size_t kKeptBytes = size_t{4} << 20;
constexpr std::string_view kSpace = " \t\n\r";

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Removes digits; whether there was one.
bool TakeDigits(std::string_view& text) {
  size_t count = 0;
  while (count < text.size() && IsDigit(text[count])) ++count;
  text.remove_prefix(count);
  return count > 0;
}

bool Take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool IsNumber(std::string_view text) {
  Take(text, "-");
  const bool zero = text.starts_with('0');
  const size_t size = text.size();
  if (!TakeDigits(text) || (zero && size - text.size() > 1)) return false;
  if (Take(text, ".") && !TakeDigits(text)) return false;
  if (Take(text, "eE")) {
    Take(text, "+-");
    if (!TakeDigits(text)) return false;
  }
  return text.empty();
}

int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The four hex digits at `at`; -1 when there are not. REQUIRES: four bytes can be read.
int32_t CodeUnit(const char* at) {
  int32_t unit = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = HexDigit(at[i]);
    if (digit < 0) return -1;
    unit = unit << 4 | digit;
  }
  return unit;
}

bool IsHighSurrogate(int32_t unit) {
  return unit >= 0xd800 && unit < 0xdc00;
}
bool IsLowSurrogate(int32_t unit) {
  return unit >= 0xdc00 && unit < 0xe000;
}

char* PutUtf8(char* out, int32_t character) {
  const auto put = [&](int32_t byte) { *out++ = static_cast<char>(byte); };
  if (character < 0x80) {
    put(character);
    return out;
  }
  if (character < 0x800) {
    put(0xc0 | character >> 6);
  } else if (character < 0x10000) {
    put(0xe0 | character >> 12);
    put(0x80 | (character >> 6 & 0x3f));
  } else {
    put(0xf0 | character >> 18);
    put(0x80 | (character >> 12 & 0x3f));
    put(0x80 | (character >> 6 & 0x3f));
  }
  put(0x80 | (character & 0x3f));
  return out;
}

// Resolves \u and its four digits, of which `from` is the first. nullptr when it is none.
// REQUIRES: padding behind the text, so that what follows can be looked at.
const char* PutCodeUnits(const char* from, char*& out) {
  constexpr int32_t kReplacement = 0xfffd;
  int32_t character = CodeUnit(from);
  if (character < 0) return nullptr;
  from += 4;
  const int32_t low = from[0] == '\\' && from[1] == 'u' ? CodeUnit(from + 2) : -1;
  if (IsHighSurrogate(character) && IsLowSurrogate(low)) {
    character = 0x10000 + ((character - 0xd800) << 10) + (low - 0xdc00);
    from += 6;
  }
  if (IsHighSurrogate(character) || IsLowSurrogate(character)) character = kReplacement;
  out = PutUtf8(out, character);
  return from;
}

// Resolves the escapes of a string in place. `start` is behind its opening quote; the
// result is its end without them, nullptr when one is wrong; `end` its closing quote.
// REQUIRES: there is a closing quote.
char* Unescape(char* start, const char*& end) {
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const char* from = start;
  char* out = start;
  while (*from != '"') {
    if (*from != '\\') {
      *out++ = *from++;
      continue;
    }
    ++from;
    if (*from == 'u') {
      from = PutCodeUnits(from + 1, out);
      if (from == nullptr) return nullptr;
      continue;
    }
    const size_t name = kNames.find(*from++);
    if (name == std::string_view::npos) return nullptr;
    *out++ = kMeanings[name];
  }
  end = from;
  return out;
}

// What is wrong with the strings of a text in which simdjson found such a fault.
ScanFailure FindStringFault(std::string_view text) {
  size_t opened = 0;
  bool inside = false;
  for (size_t i = 0; i < text.size();) {
    const size_t size = Utf8CharacterSize(text.substr(i));
    if (size == 0) return {"text is no UTF-8", i};
    if (inside && static_cast<uint8_t>(text[i]) < 0x20) return {"control character in a string", i};
    if (!inside && text[i] == '"') opened = i;
    if (text[i] == '"') inside = !inside;
    i += inside && text[i] == '\\' ? 2 : size;
  }
  return {inside ? "string without an end" : "no JSON", inside ? opened : 0};
}

}  // namespace

struct JsonTree::Parser {
  // Where the tokens of a text begin. The text must be padded, as simdjson wants it.
  simdjson::error_code FindTokens(const std::string& padded, size_t size) {
    const auto* const bytes = reinterpret_cast<const uint8_t*>(padded.data());
    if (stages == nullptr || stages->capacity() < size) {
      // Somewhat more, lest each text that is a little larger takes new memory.
      const size_t room = std::min(size + size / 8, simdjson::SIMDJSON_MAXSIZE_BYTES);
      const simdjson::error_code error =
          simdjson::get_active_implementation()->create_dom_parser_implementation(room, 1, stages);
      if (error != simdjson::SUCCESS) return error;
    }
    return stages->stage1(bytes, size, simdjson::stage1_mode::regular);
  }
  std::span<const uint32_t> tokens() const {
    return {stages->structural_indexes.get(), stages->n_structural_indexes};
  }

  std::unique_ptr<simdjson::internal::dom_parser_implementation> stages;
};

// Walks over the tokens of one text. Every method that adds something passes its tokens, and
// returns false once `failure_` is set.
class JsonTree::Builder {
 public:
  Builder(JsonTree& tree, size_t size)
      : tree_(tree), text_(tree.text_.data()), size_(size), tokens_(tree.parser_->tokens()) {}

  bool Build();
  const ScanFailure& failure() const { return failure_; }

 private:
  bool AddValue(int nesting);
  bool AddObject(int nesting);
  bool AddArray(int nesting);
  bool AddString();
  bool AddOther(bool (*is_right)(std::string_view));

  // Where a token begins, counted from the one at hand; behind the last the text ends.
  size_t At(size_t ahead = 0) const {
    return next_ + ahead < tokens_.size() ? tokens_[next_ + ahead] : size_;
  }
  // What it begins with. Padding is behind the text.
  char Token(size_t ahead = 0) const { return text_[At(ahead)]; }
  void Add(size_t at, size_t extent) {
    tree_.nodes_.push_back({static_cast<uint32_t>(at), static_cast<uint32_t>(extent)});
  }
  bool Fail(const char* reason) { return Fail(reason, At()); }
  bool Fail(const char* reason, size_t position) {
    failure_ = {reason, position};
    return false;
  }
  // Whether there is a backslash in [start, end). REQUIRES: start is never before that of
  // the call before.
  bool HasEscape(size_t start, size_t end);

  JsonTree& tree_;
  char* const text_;
  const size_t size_;
  const std::span<const uint32_t> tokens_;
  size_t next_ = 0;    // the token at hand
  size_t escape_ = 0;  // where the first backslash is that was not passed
  bool escape_known_ = false;
  ScanFailure failure_;
};

bool JsonTree::Builder::Build() {
  if (Token() != '{' && Token() != '[') return Fail("expected a JSON object or array");
  if (!AddValue(0)) return false;
  return next_ == tokens_.size() || Fail("more behind the end of the JSON");
}

bool JsonTree::Builder::AddValue(int nesting) {
  switch (Token()) {
    case '"':
      return AddString();
    case '{':
    case '[':
      break;
    case 't':
      return AddOther([](std::string_view text) { return text == "true"; });
    case 'f':
      return AddOther([](std::string_view text) { return text == "false"; });
    case 'n':
      return AddOther([](std::string_view text) { return text == "null"; });
    default:
      return AddOther(IsNumber);
  }
  if (nesting >= kMaxJsonNesting) return Fail("JSON nested too deeply");
  const size_t index = tree_.nodes_.size();
  Add(At(), 0);
  if (!(Token() == '{' ? AddObject(nesting) : AddArray(nesting))) return false;
  tree_.nodes_[index].extent = static_cast<uint32_t>(tree_.nodes_.size());
  return true;
}

bool JsonTree::Builder::AddObject(int nesting) {
  constexpr const char* kReason = "expected a member of a JSON object or its end";
  ++next_;
  bool more = Token() != '}';
  while (more) {
    if (Token() != '"' || Token(1) != ':') return Fail(kReason);
    if (!AddString()) return false;
    ++next_;
    if (!AddValue(nesting + 1)) return false;
    more = Token() == ',';
    if (more) ++next_;
    if (!more && Token() != '}') return Fail(kReason);
  }
  ++next_;
  return true;
}

bool JsonTree::Builder::AddArray(int nesting) {
  constexpr const char* kReason = "expected an element of a JSON array or its end";
  ++next_;
  bool more = Token() != ']';
  while (more) {
    if (!AddValue(nesting + 1)) return false;
    more = Token() == ',';
    if (more) ++next_;
    if (!more && Token() != ']') return Fail(kReason);
  }
  ++next_;
  return true;
}

// A number or a word: all up to the next token but for the space before it.
bool JsonTree::Builder::AddOther(bool (*is_right)(std::string_view)) {
  std::string_view token(text_ + At(), At(1) - At());
  token = token.substr(0, token.find_last_not_of(kSpace) + 1);
  if (!is_right(token)) return Fail("expected a JSON value");
  Add(At(), token.size());
  ++next_;
  return true;
}

bool JsonTree::Builder::HasEscape(size_t start, size_t end) {
  if (!escape_known_ || escape_ < start) {
    const void* const found = std::memchr(text_ + start, '\\', size_ - start);
    escape_ =
        found == nullptr ? size_ : static_cast<size_t>(static_cast<const char*>(found) - text_);
    escape_known_ = true;
  }
  return escape_ < end;
}

bool JsonTree::Builder::AddString() {
  const size_t start = At() + 1;
  size_t end = At(1) - 1;  // There is a closing quote: simdjson refuses a text without.
  while (text_[end] != '"') --end;
  if (HasEscape(start, end)) {
    const char* quote = nullptr;
    const char* const text_end = Unescape(text_ + start, quote);
    if (text_end == nullptr) return Fail("wrong escape in a JSON string");
    end = static_cast<size_t>(text_end - text_);
  }
  Add(At(), end - start);
  ++next_;
  return true;
}

JsonTree::JsonTree() = default;
JsonTree::~JsonTree() = default;

bool JsonTree::Parse(std::string_view json, ScanFailure& failure) {
  nodes_.clear();
  if (json.empty()) {
    failure = {"no JSON", 0};
    return false;
  }
  if (json.size() > UINT32_MAX - simdjson::SIMDJSON_PADDING) {
    failure = {"more than 4 GiB of JSON", 0};
    return false;
  }
  if (parser_ == nullptr) parser_ = std::make_unique<Parser>();
  text_.assign(json);
  text_.append(simdjson::SIMDJSON_PADDING, '\0');
  if (parser_->FindTokens(text_, json.size()) != simdjson::SUCCESS) {
    failure = FindStringFault(json);
    Shrink();
    return false;
  }
  Builder builder(*this, json.size());
  if (builder.Build()) return true;
  failure = builder.failure();
  Shrink();
  return false;
}

void JsonTree::Shrink() {
  if (text_.capacity() + nodes_.capacity() * sizeof(Node) <= kKeptBytes) return;
  parser_.reset();
  std::string().swap(text_);
  std::vector<Node>().swap(nodes_);
}

}  // namespace clew::wire

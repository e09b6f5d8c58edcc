// SPDX-License-Identifier: Apache-2.0
// JSON as a flat list of its values.
//
// simdjson finds the tokens; its On-Demand interface alone would check only what is
// looked at, and hand out each value once and in order. A reader of OTLP needs the ids
// of a span before its attributes, wherever they stand, and a body that the log will
// replay has to be right or wrong for good, whatever the version of a library. So one
// walk checks every token and notes where it lies: eight bytes a value, no number is
// converted. Strings are searched for their end once and rid of their escapes where they
// lie, for they only become shorter.
#include "wire/json_tree.h"

#include <simdjson.h>

#include <cstring>

#include "wire/limits.h"
#include "wire/utf8.h"

namespace clew::wire {
namespace {

namespace ondemand = simdjson::ondemand;

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
  ondemand::parser parser;
};

// Walks over one text. Every method returns false once `failure_` is set.
class JsonTree::Builder {
 public:
  Builder(JsonTree& tree, size_t size) : tree_(tree), size_(size) {}

  bool Build();
  const ScanFailure& failure() const { return failure_; }

 private:
  bool AddValue(ondemand::value value, int nesting);
  bool AddObject(ondemand::value value, int nesting);
  bool AddArray(ondemand::value value, int nesting);
  bool AddScalar(ondemand::value value, simdjson::ondemand::json_type type);
  bool AddString(const char* quote);

  uint32_t OffsetOf(const char* at) const { return static_cast<uint32_t>(at - tree_.text_.data()); }
  void Add(uint32_t at, uint32_t extent, size_t size) {
    tree_.nodes_.push_back({at, extent});
    passed_ = at + size;
  }
  bool Fail(const char* reason, size_t position) {
    failure_ = {reason, position};
    return false;
  }
  // A token is not what it has to be: the one behind the last that was.
  bool FailAtNext(const char* reason) {
    const size_t next = tree_.text_.find_first_not_of(kSpace, passed_);
    return Fail(reason, next < size_ ? next : size_);
  }

  JsonTree& tree_;
  const size_t size_;
  size_t passed_ = 0;  // the end of the last token that was right
  ScanFailure failure_;
};

bool JsonTree::Builder::Build() {
  ondemand::document document;
  const simdjson::error_code error =
      tree_.parser_->parser.iterate(tree_.text_.data(), size_, tree_.text_.size()).get(document);
  if (error != simdjson::SUCCESS) {
    failure_ = FindStringFault(std::string_view(tree_.text_).substr(0, size_));
    return false;
  }
  ondemand::value value;
  if (document.get_value().get(value) != simdjson::SUCCESS) {
    return FailAtNext("expected a JSON object or array");
  }
  if (!AddValue(value, 0)) return false;
  if (document.current_location().error() == simdjson::OUT_OF_BOUNDS) return true;
  return FailAtNext("more behind the end of the JSON");
}

bool JsonTree::Builder::AddValue(ondemand::value value, int nesting) {
  ondemand::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return FailAtNext("expected a JSON value");
  const bool object = type == ondemand::json_type::object;
  if (!object && type != ondemand::json_type::array) return AddScalar(value, type);
  const uint32_t at = OffsetOf(value.raw_json_token().data());
  if (nesting >= kMaxJsonNesting) return Fail("JSON nested too deeply", at);
  const size_t index = tree_.nodes_.size();
  Add(at, 0, 1);
  if (!(object ? AddObject(value, nesting) : AddArray(value, nesting))) return false;
  tree_.nodes_[index].extent = static_cast<uint32_t>(tree_.nodes_.size());
  return true;
}

bool JsonTree::Builder::AddObject(ondemand::value value, int nesting) {
  constexpr const char* kReason = "expected a member of a JSON object or its end";
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return FailAtNext(kReason);
  for (auto field : object) {
    ondemand::raw_json_string key;
    ondemand::value member;
    if (field.key().get(key) != simdjson::SUCCESS) return FailAtNext(kReason);
    if (!AddString(key.raw() - 1)) return false;
    if (field.value().get(member) != simdjson::SUCCESS) return FailAtNext(kReason);
    if (!AddValue(member, nesting + 1)) return false;
  }
  passed_ = tree_.text_.find('}', passed_) + 1;
  return true;
}

bool JsonTree::Builder::AddArray(ondemand::value value, int nesting) {
  constexpr const char* kReason = "expected an element of a JSON array or its end";
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return FailAtNext(kReason);
  for (auto element : array) {
    ondemand::value member;
    if (element.get(member) != simdjson::SUCCESS) return FailAtNext(kReason);
    if (!AddValue(member, nesting + 1)) return false;
  }
  passed_ = tree_.text_.find(']', passed_) + 1;
  return true;
}

bool JsonTree::Builder::AddScalar(ondemand::value value, ondemand::json_type type) {
  if (type == ondemand::json_type::string) {
    ondemand::raw_json_string string;  // taken, for a string that is passed over may be a key
    if (value.get_raw_json_string().get(string) != simdjson::SUCCESS) {
      return FailAtNext("expected a JSON value");
    }
    return AddString(string.raw() - 1);
  }
  std::string_view token = value.raw_json_token();
  const size_t last = token.find_last_not_of(kSpace);
  token = token.substr(0, last + 1);
  const bool right = type == ondemand::json_type::null      ? token == "null"
                     : type == ondemand::json_type::boolean ? token == "true" || token == "false"
                                                            : IsNumber(token);
  const uint32_t at = OffsetOf(token.data());
  if (!right) return Fail("expected a JSON value", at);
  Add(at, static_cast<uint32_t>(token.size()), token.size());
  return true;
}

bool JsonTree::Builder::AddString(const char* quote) {
  char* const start = tree_.text_.data() + OffsetOf(quote) + 1;
  const char* end = static_cast<const char*>(std::memchr(start, '"', size_ - OffsetOf(start)));
  if (end == nullptr) return Fail("string without an end", OffsetOf(quote));
  const char* text_end = end;
  if (std::memchr(start, '\\', static_cast<size_t>(end - start)) != nullptr) {
    text_end = Unescape(start, end);
    if (text_end == nullptr) return Fail("wrong escape in a JSON string", OffsetOf(quote));
  }
  Add(OffsetOf(quote), static_cast<uint32_t>(text_end - start),
      static_cast<size_t>(end + 1 - quote));
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

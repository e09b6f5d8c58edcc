// SPDX-License-Identifier: Apache-2.0
#include "serve/streaming/streaming_request.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "store/utf8_repair.h"
#include "wire/protobuf_scan.h"

namespace clew::serve {
namespace {

using wire::FieldCursor;
using wire::WireType;

enum class Meaning : uint8_t {
  kText,
  kPathArgument,
  kTag,       // an entry of a map of texts
  kNumber,    // of 32 bits
  kMillis,    // likewise, a duration
  kUnixNano,  // of 64 bits
  kNanos      // likewise, a duration
};

struct Field {
  uint32_t number;
  Meaning meaning;
  std::string_view parameter;
};

constexpr std::array<Field, 8> kSearchFields = {{{1, Meaning::kTag, "tags"},
                                                 {2, Meaning::kMillis, "minDuration"},
                                                 {3, Meaning::kMillis, "maxDuration"},
                                                 {4, Meaning::kNumber, "limit"},
                                                 {5, Meaning::kNumber, "start"},
                                                 {6, Meaning::kNumber, "end"},
                                                 {8, Meaning::kText, "q"},
                                                 {9, Meaning::kNumber, "spss"}}};
constexpr std::array<Field, 5> kTagsFields = {{{1, Meaning::kText, "scope"},
                                               {2, Meaning::kText, "q"},
                                               {3, Meaning::kNumber, "start"},
                                               {4, Meaning::kNumber, "end"},
                                               {5, Meaning::kNumber, "limit"}}};
constexpr std::array<Field, 5> kTagValuesFields = {{{1, Meaning::kPathArgument, ""},
                                                    {2, Meaning::kText, "q"},
                                                    {4, Meaning::kNumber, "start"},
                                                    {5, Meaning::kNumber, "end"},
                                                    {6, Meaning::kNumber, "limit"}}};
constexpr std::array<Field, 5> kRangeFields = {{{1, Meaning::kText, "q"},
                                                {2, Meaning::kUnixNano, "start"},
                                                {3, Meaning::kUnixNano, "end"},
                                                {4, Meaning::kNanos, "step"},
                                                {16, Meaning::kNumber, "exemplars"}}};
constexpr std::array<Field, 3> kInstantFields = {
    {{1, Meaning::kText, "q"}, {2, Meaning::kUnixNano, "start"}, {3, Meaning::kUnixNano, "end"}}};

bool IsTextual(Meaning meaning) {
  return meaning == Meaning::kText || meaning == Meaning::kPathArgument || meaning == Meaning::kTag;
}

// 64-bit numbers are read in both of protobuf's forms.
bool HasTypeOf(Meaning meaning, uint32_t wire_type) {
  const bool wide = meaning == Meaning::kUnixNano || meaning == Meaning::kNanos;
  switch (static_cast<WireType>(wire_type)) {
    case WireType::kVarint:
      return !IsTextual(meaning);
    case WireType::kFixed64:
      return wide;
    case WireType::kBytes:
      return IsTextual(meaning);
    case WireType::kFixed32:
      return false;
  }
  return false;
}

// As the parameter is written; empty for zero.
std::string TextOf(Meaning meaning, uint64_t value) {
  if (meaning == Meaning::kNumber || meaning == Meaning::kMillis) {
    value = static_cast<uint32_t>(value);
  }
  if (value == 0) return {};
  std::string text = std::to_string(value);
  if (meaning == Meaning::kMillis) text += "ms";
  if (meaning == Meaning::kNanos) text += "ns";
  // A time of up to ten digits would be one in seconds.
  constexpr size_t kDigitsOfNanos = 11;
  if (meaning == Meaning::kUnixNano && text.size() < kDigitsOfNanos) {
    text.insert(0, kDigitsOfNanos - text.size(), '0');
  }
  return text;
}

// Reads one request. Borrows the message.
class Decoder {
 public:
  Decoder(std::string_view message, std::span<const Field> fields)
      : message_(message), fields_(fields) {}

  base::Result<ApiRequest> Run() {
    FieldCursor cursor(message_, message_.data());
    while (cursor.Next()) {
      const auto field = std::ranges::find(fields_, cursor.tag() >> 3, &Field::number);
      if (field == fields_.end() || !HasTypeOf(field->meaning, cursor.tag() & 7)) continue;
      if (IsTextual(field->meaning)) {
        TRY(SetText(*field, cursor.bytes()));
      } else {
        Set(field->parameter, TextOf(field->meaning, cursor.integer()));
      }
    }
    if (cursor.failed()) return cursor.failure().ToError("malformed request");
    if (!tags_.empty()) Set("tags", TagsText());
    return std::move(request_);
  }

 private:
  base::Status SetText(const Field& field, std::string_view bytes) {
    if (field.meaning == Meaning::kTag) return SetTag(bytes);
    TRY(CheckText(bytes));
    if (field.meaning == Meaning::kPathArgument) {
      request_.path_argument = bytes;
    } else {
      Set(field.parameter, std::string(bytes));
    }
    return {};
  }

  static base::Status CheckText(std::string_view text) {
    if (store::IsUtf8(text)) return {};
    return base::Invalid("malformed request: a text is no UTF-8");
  }

  base::Status SetTag(std::string_view entry) {
    std::string_view key;
    std::string_view value;
    FieldCursor cursor(entry, message_.data());
    while (cursor.Next()) {
      if (cursor.tag() == wire::Tag(1, WireType::kBytes)) key = cursor.bytes();
      if (cursor.tag() == wire::Tag(2, WireType::kBytes)) value = cursor.bytes();
    }
    if (cursor.failed()) return cursor.failure().ToError("malformed request");
    TRY(CheckText(key));
    TRY(CheckText(value));
    const bool writable = std::ranges::all_of(
        key, [](char c) { return static_cast<uint8_t>(c) > ' ' && c != '=' && c != '"'; });
    if (key.empty() || !writable) return base::Invalid("invalid tags: no key: " + std::string(key));
    tags_.insert_or_assign(std::string(key), std::string(value));
    return {};
  }

  // The last of a field counts, as everywhere in protobuf.
  void Set(std::string_view parameter, std::string value) {
    for (auto& [name, known] : request_.parameters) {
      if (name != parameter) continue;
      known = std::move(value);
      return;
    }
    request_.parameters.emplace_back(parameter, std::move(value));
  }

  // In logfmt.
  std::string TagsText() const {
    std::string text;
    for (const auto& [key, value] : tags_) {
      if (!text.empty()) text += ' ';
      text.append(key).append("=\"");
      for (const char c : value) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
      }
      text += '"';
    }
    return text;
  }

  const std::string_view message_;
  const std::span<const Field> fields_;
  std::map<std::string, std::string> tags_;
  ApiRequest request_;
};

}  // namespace

base::Result<ApiRequest> DecodeSearchRequest(std::string_view message) {
  return Decoder(message, kSearchFields).Run();
}
base::Result<ApiRequest> DecodeTagsRequest(std::string_view message) {
  return Decoder(message, kTagsFields).Run();
}
base::Result<ApiRequest> DecodeTagValuesRequest(std::string_view message) {
  return Decoder(message, kTagValuesFields).Run();
}
base::Result<ApiRequest> DecodeRangeRequest(std::string_view message) {
  return Decoder(message, kRangeFields).Run();
}
base::Result<ApiRequest> DecodeInstantRequest(std::string_view message) {
  return Decoder(message, kInstantFields).Run();
}

}  // namespace clew::serve

// SPDX-License-Identifier: Apache-2.0
#include "load/prepared_values.h"

#include <algorithm>
#include <cstdlib>

#include "load/service_graph.h"
#include "wire/otlp_writer.h"
#include "wire/protobuf_writer.h"

namespace clew::load {
namespace {

using model::ValueView;

// Word `number` of those between the separators, from the front again after the last.
std::string_view WordOf(std::string_view words, char separator, uint32_t number) {
  const auto count = static_cast<uint32_t>(std::ranges::count(words, separator)) + 1;
  for (uint32_t skip = number % count; skip > 0; --skip) {
    words.remove_prefix(words.find(separator) + 1);
  }
  return words.substr(0, words.find(separator));
}

std::string ArrayOf(std::string_view list) {
  wire::ProtobufWriter out;
  for (uint32_t i = 0; i <= std::ranges::count(list, ','); ++i) {
    wire::WriteAnyValue(out, 1, ValueView::String(WordOf(list, ',', i)));
  }
  return out.Take();
}

// {"name": text, "weight": n, "nested": {"groups": ["a", ...]}}
std::string ListOf(std::string_view text, uint32_t number) {
  const auto pair = [](wire::ProtobufWriter& out, std::string_view key, const ValueView& value) {
    const size_t opened = out.Open(1);
    out.Bytes(1, key);
    wire::WriteAnyValue(out, 2, value);
    out.Close(opened);
  };
  const std::string groups = ArrayOf(number % 2 == 0 ? "a" : "a,b");
  wire::ProtobufWriter inner;
  pair(inner, "groups", ValueView::Array(groups));
  wire::ProtobufWriter out;
  pair(out, "name", ValueView::String(text));
  pair(out, "weight", ValueView::Int(number));
  pair(out, "nested", ValueView::KeyValueList(inner.bytes()));
  return out.Take();
}

std::string EncodePair(uint32_t field, std::string_view key, const ValueView& value) {
  wire::ProtobufWriter out;
  const size_t opened = out.Open(field);
  out.Bytes(1, key);
  wire::WriteAnyValue(out, 2, value);
  out.Close(opened);
  return out.Take();
}

}  // namespace

std::string ExpandPattern(std::string_view pattern, const TextSlot& slot) {
  std::string text;
  for (const char c : WordOf(pattern, '|', slot.number)) {
    switch (c) {
      case '@':
        text += slot.service_name;
        break;
      case '%':
        text += Noun(slot.number * 7 + slot.service * 3);
        break;
      case '#':
        text += std::to_string(slot.number);
        break;
      default:
        text += c;
    }
  }
  return text;
}

std::string EncodeText(uint32_t field, std::string_view key, std::string_view text) {
  return EncodePair(field, key, ValueView::String(text));
}

std::string EncodeAttribute(uint32_t field, const AttributeRule& rule, const TextSlot& slot) {
  const std::string text = ExpandPattern(rule.pattern, slot);
  switch (rule.shape) {
    case Shape::kInteger:
      return EncodePair(field, rule.key, ValueView::Int(std::strtoll(text.c_str(), nullptr, 10)));
    case Shape::kFlag:
      return EncodePair(field, rule.key, ValueView::Bool(slot.number != 0));
    case Shape::kTextArray:
      return EncodePair(field, rule.key, ValueView::Array(ArrayOf(text)));
    case Shape::kNested:
      return EncodePair(field, rule.key, ValueView::KeyValueList(ListOf(text, slot.number)));
    case Shape::kText:
    case Shape::kNumberedText:
    case Shape::kHex:
    case Shape::kAnyInteger:
    case Shape::kAnyDouble:
      break;
  }
  return EncodeText(field, rule.key, text);
}

}  // namespace clew::load

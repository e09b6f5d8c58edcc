// SPDX-License-Identifier: Apache-2.0
#include "serve/ledger_set_attributes_json.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "traceql/print.h"
#include "traceql/static.h"

namespace clew::serve {
namespace {

constexpr size_t kMaxShown = 20;  // and of the copies of one
constexpr size_t kMaxLeftOut = 100;

class AttributeWriter {
 public:
  AttributeWriter(const AttributeAnswer& answer, wire::JsonWriter& json)
      : answer_(answer), json_(json) {}

  void Write() {
    json_.Key("attributes");
    json_.BeginArray();
    const auto& associations = answer_.comparison.associations;
    for (size_t i = 0; i < std::min(associations.size(), kMaxShown); ++i) {
      WriteAssociation(associations[i]);
    }
    json_.EndArray();
    json_.Key("attributesLeftOut");
    json_.BeginArray();
    WriteLeftOut(answer_.selecting, "selected");
    WriteLeftOut(answer_.comparison.identifiers, "identifier");
    WriteLeftOut(answer_.too_many, "identifier");
    WriteLeftOut(answer_.comparison.restatements, "duration");
    json_.EndArray();
  }

 private:
  void WriteAssociation(const ledger::Association& association) {
    json_.BeginObject();
    WriteValue(association.attribute);
    json_.RealMember("explained", association.explained);
    json_.RealMember("riskRatio", association.risk.ratio);
    json_.RealMember("riskRatioLow", association.risk.bounds.low);
    json_.RealMember("riskRatioHigh", association.risk.bounds.high);
    json_.RealMember("q", association.q);
    WriteProportion("set", association.set);
    WriteProportion("baseline", association.rest);
    json_.Key("copies");
    json_.BeginArray();
    for (size_t i = 0; i < std::min(association.copies.size(), kMaxShown); ++i) {
      json_.BeginObject();
      WriteValue(association.copies[i]);
      json_.EndObject();
    }
    json_.EndArray();
    json_.EndObject();
  }

  void WriteProportion(std::string_view key, const ledger::Proportion& proportion) {
    json_.Key(key);
    json_.BeginObject();
    json_.Key("with");
    json_.Number(static_cast<int64_t>(proportion.with));
    json_.Key("traces");
    json_.Number(static_cast<int64_t>(proportion.all));
    json_.EndObject();
  }

  // The value is null of traces without the attribute; the query finds the traces.
  void WriteValue(const ledger::Attribute& attribute) {
    const std::string& key = answer_.texts.text(attribute.key);
    json_.TextMember("key", key);
    if (attribute.value == ledger::kNone) {
      json_.Key("value");
      json_.Null();
      json_.TextMember("query", "none({ " + key + " != nil })");
      return;
    }
    const std::string& value = answer_.texts.text(attribute.value);
    const bool is_text = value.starts_with('"');
    const std::string shown = is_text ? value.substr(1) : value;
    json_.TextMember("value", shown);
    const std::string written = is_text ? traceql::Print(traceql::Static(shown)) : value;
    json_.TextMember("query", "{ " + key + " = " + written + " }");
  }

  void WriteLeftOut(std::span<const uint32_t> keys, std::string_view reason) {
    for (const uint32_t key : keys) {
      if (left_out_.size() == kMaxLeftOut || !left_out_.insert(key).second) continue;
      json_.BeginObject();
      json_.TextMember("key", answer_.texts.text(key));
      json_.TextMember("reason", reason);
      json_.EndObject();
    }
  }

  const AttributeAnswer& answer_;
  wire::JsonWriter& json_;
  std::set<uint32_t> left_out_;
};

}  // namespace

void WriteAttributes(const AttributeAnswer& answer, wire::JsonWriter& json) {
  AttributeWriter(answer, json).Write();
}

}  // namespace clew::serve

// SPDX-License-Identifier: Apache-2.0
#include "serve/ledger_difference_json.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/compare/culprits.h"
#include "ledger/label.h"

namespace clew::serve {
namespace {

class DifferenceWriter {
 public:
  DifferenceWriter(const ledger::Difference& difference, const ledger::Names& names,
                   wire::JsonWriter& json)
      : difference_(difference), names_(names), json_(json) {}

  void Write() {
    json_.Key("difference");
    json_.BeginObject();
    Bool("nothingStandsOut", difference_.nothing_stands_out());
    Bool("detached", difference_.detached);
    Number("compared", difference_.compared);
    Number("leftOut", difference_.left_out);
    Nanos("mixNanos", difference_.mix_ns);
    Nanos("changeNanos", difference_.change_ns);
    json_.Key("services");
    json_.BeginArray();
    for (const ledger::Culprit& culprit : ledger::CulpritsOf(difference_)) {
      WriteCulprit(culprit);
    }
    json_.EndArray();
    WriteParts(ledger::PartsOf(difference_));
    WriteVisits();
    json_.EndObject();
  }

 private:
  void Text(std::string_view key, std::string_view text) {
    json_.Key(key);
    json_.String(text);
  }
  void Number(std::string_view key, uint64_t number) {
    json_.Key(key);
    json_.Number(static_cast<int64_t>(number));
  }
  void Nanos(std::string_view key, double nanos) {
    json_.Key(key);
    json_.Number(int64_t{std::llround(nanos)});
  }
  void Real(std::string_view key, double value) {
    json_.Key(key);
    json_.Number(value);
  }
  void Bool(std::string_view key, bool value) {
    json_.Key(key);
    json_.Bool(value);
  }
  const std::string& Name(uint32_t code) const { return names_.text(code); }

  // What visits of operations do more or less often, each of it, whoever is named first.
  void WriteVisits() {
    json_.Key("errors");
    json_.BeginArray();
    for (const ledger::MoreErrors& errors : difference_.errors) {
      json_.BeginObject();
      WriteErrors(errors);
      json_.EndObject();
    }
    json_.EndArray();
    json_.Key("missing");
    json_.BeginArray();
    for (const ledger::LostStep& lost : difference_.lost_steps) {
      json_.BeginObject();
      WriteLostStep(lost);
      json_.EndObject();
    }
    json_.EndArray();
  }
  void WriteErrors(const ledger::MoreErrors& errors) {
    WriteOperation(errors.entry);
    WriteShares(errors.shares);
  }
  void WriteLostStep(const ledger::LostStep& lost) {
    WriteOperation(lost.entry);
    WriteShares(lost.shares);
    Text("missingService", Name(lost.step.service));
    Text("missingOperation", Name(lost.step.name));
  }

  void WriteCulprit(const ledger::Culprit& culprit) {
    using Reason = ledger::Culprit::Reason;
    json_.BeginObject();
    Text("service", Name(culprit.service));
    if (culprit.reason == Reason::kErrors) {
      Text("reason", "errors");
      WriteErrors(difference_.errors[culprit.index]);
    } else if (culprit.reason == Reason::kLostStep) {
      Text("reason", "missing");
      WriteLostStep(difference_.lost_steps[culprit.index]);
    } else {
      const ledger::Suspect& suspect = difference_.suspects[culprit.index];
      Text("reason", ledger::NameOf(culprit.category));
      Bool("standsOut", suspect.stands_out);
      Real("score", suspect.score);
      WriteGrowth(suspect.growth);
      WriteParts(suspect.parts);
    }
    json_.EndObject();
  }

  void WriteOperation(const ledger::Operation& operation) {
    Text("inService", Name(operation.service));
    Text("operation", Name(operation.name));
  }
  void WriteShares(const ledger::Shares& shares) {
    Bool("standsOut", true);
    Real("share", shares.now);
    Real("usualShare", shares.usual);
    Number("visits", shares.visits);
  }
  void WriteGrowth(const ledger::Growth& growth) {
    Nanos("meanNanos", growth.now_ns);
    Nanos("usualNanos", growth.usual_ns);
  }

  void WriteParts(const std::vector<ledger::PartGrowth>& parts) {
    json_.Key("parts");
    json_.BeginArray();
    for (const ledger::PartGrowth& part : parts) {
      const ledger::Owner owner{.service = part.part.service,
                                .operation = part.operation,
                                .peer = part.part.peer,
                                .category = part.part.category};
      json_.BeginObject();
      Text("label", ledger::LabelOf(owner, ledger::GroupBy::kOperation, names_));
      Text("service", Name(owner.service));
      Text("operation", Name(owner.operation));
      Text("peer", Name(owner.peer));
      Text("category", ledger::NameOf(owner.category));
      WriteGrowth(part.growth);
      Nanos("growthLowNanos", part.bounds.low);
      Nanos("growthHighNanos", part.bounds.high);
      Real("q", part.q);
      Bool("standsOut", part.stands_out);
      json_.EndObject();
    }
    json_.EndArray();
  }

  const ledger::Difference& difference_;
  const ledger::Names& names_;
  wire::JsonWriter& json_;
};

}  // namespace

void WriteDifference(const ledger::Difference& difference, const ledger::Names& names,
                     wire::JsonWriter& json) {
  DifferenceWriter(difference, names, json).Write();
}

}  // namespace clew::serve

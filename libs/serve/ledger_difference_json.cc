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
    json_.BoolMember("nothingStandsOut", difference_.nothing_stands_out());
    json_.BoolMember("detached", difference_.detached);
    json_.NumberMember("compared", difference_.compared);
    json_.NumberMember("leftOut", difference_.left_out);
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
  void Nanos(std::string_view key, double nanos) {
    json_.Key(key);
    json_.Number(int64_t{std::llround(nanos)});
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
    json_.TextMember("missingService", Name(lost.step.service));
    json_.TextMember("missingOperation", Name(lost.step.name));
  }

  void WriteCulprit(const ledger::Culprit& culprit) {
    using Reason = ledger::Culprit::Reason;
    json_.BeginObject();
    json_.TextMember("service", Name(culprit.service));
    if (culprit.reason == Reason::kErrors) {
      json_.TextMember("reason", "errors");
      WriteErrors(difference_.errors[culprit.index]);
    } else if (culprit.reason == Reason::kLostStep) {
      json_.TextMember("reason", "missing");
      WriteLostStep(difference_.lost_steps[culprit.index]);
    } else {
      const ledger::Suspect& suspect = difference_.suspects[culprit.index];
      json_.TextMember("reason", ledger::NameOf(culprit.category));
      json_.BoolMember("standsOut", suspect.stands_out);
      json_.RealMember("score", suspect.score);
      WriteGrowth(suspect.growth);
      WriteParts(suspect.parts);
    }
    json_.EndObject();
  }

  void WriteOperation(const ledger::Operation& operation) {
    json_.TextMember("inService", Name(operation.service));
    json_.TextMember("operation", Name(operation.name));
  }
  void WriteShares(const ledger::Shares& shares) {
    json_.BoolMember("standsOut", true);
    json_.RealMember("share", shares.now);
    json_.RealMember("usualShare", shares.usual);
    json_.NumberMember("visits", shares.visits);
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
      json_.TextMember("label", ledger::LabelOf(owner, ledger::GroupBy::kOperation, names_));
      json_.TextMember("service", Name(owner.service));
      json_.TextMember("operation", Name(owner.operation));
      json_.TextMember("peer", Name(owner.peer));
      json_.TextMember("category", ledger::NameOf(owner.category));
      WriteGrowth(part.growth);
      Nanos("growthLowNanos", part.bounds.low);
      Nanos("growthHighNanos", part.bounds.high);
      json_.RealMember("q", part.q);
      json_.BoolMember("standsOut", part.stands_out);
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

// SPDX-License-Identifier: Apache-2.0
#include "ingest/sampling_strategies.h"

#include <bit>
#include <utility>

#include "wire/json_reader.h"
#include "wire/json_scalar.h"
#include "wire/json_writer.h"
#include "wire/protobuf_writer.h"

namespace clew::ingest {
namespace {

using wire::JsonValue;

// Clients read the number of traces a second into 16 bits.
constexpr double kMostTracesASecond = INT16_MAX;

void WriteRate(wire::JsonWriter& json, double rate) {
  json.Key("probabilisticSampling");
  json.BeginObject();
  json.RealMember("samplingRate", rate);
  json.EndObject();
}

void WriteRate(wire::ProtobufWriter& out, uint32_t field, double rate) {
  const size_t opened = out.Open(field);
  out.Fixed64(1, std::bit_cast<uint64_t>(rate));
  out.Close(opened);
}

}  // namespace

std::string SamplingStrategy::Json() const {
  wire::JsonWriter json;
  json.BeginObject();
  json.TextMember("strategyType", most_a_second ? "RATE_LIMITING" : "PROBABILISTIC");
  if (most_a_second) {
    json.Key("rateLimitingSampling");
    json.BeginObject();
    json.NumberMember("maxTracesPerSecond", static_cast<uint64_t>(*most_a_second));
    json.EndObject();
  } else {
    WriteRate(json, rate);
  }
  if (!rate_of.empty()) {
    json.Key("operationSampling");
    json.BeginObject();
    json.RealMember("defaultSamplingProbability", rate);
    json.NumberMember("defaultLowerBoundTracesPerSecond", 0);
    json.Key("perOperationStrategies");
    json.BeginArray();
    for (const auto& [operation, own_rate] : rate_of) {
      json.BeginObject();
      json.TextMember("operation", operation);
      WriteRate(json, own_rate);
      json.EndObject();
    }
    json.EndArray();
    json.EndObject();
  }
  json.EndObject();
  return json.Take();
}

std::string SamplingStrategy::Protobuf() const {
  wire::ProtobufWriter out;
  if (most_a_second) {
    constexpr uint64_t kRateLimiting = 1;
    out.Varint(1, kRateLimiting);
    const size_t opened = out.Open(3);
    out.VarintUnlessZero(1, static_cast<uint64_t>(*most_a_second));
    out.Close(opened);
  } else {
    WriteRate(out, 2, rate);
  }
  if (!rate_of.empty()) {
    const size_t opened = out.Open(4);
    out.Fixed64(1, std::bit_cast<uint64_t>(rate));
    for (const auto& [operation, own_rate] : rate_of) {
      const size_t item = out.Open(3);
      out.Bytes(1, operation);
      WriteRate(out, 2, own_rate);
      out.Close(item);
    }
    out.Close(opened);
  }
  return out.Take();
}

class SamplingStrategies::Reader final : public wire::JsonReader {
 public:
  bool Read(JsonValue root, SamplingStrategies& strategies);

 private:
  // What a strategy is of: a service or an operation, or for all others nothing.
  struct Named {
    std::string_view name{};
    SamplingStrategy strategy;
  };
  bool ReadStrategy(JsonValue object, std::string_view name_key, Named& named);
  bool ReadParameter(JsonValue object, std::string_view type, JsonValue parameter,
                     SamplingStrategy& strategy);
  bool ReadOperation(JsonValue object, SamplingStrategy& of_service);

  std::vector<std::string> left_out_;
};

bool SamplingStrategies::Reader::Read(JsonValue root, SamplingStrategies& strategies) {
  const bool read = ForEachField(root, [&](std::string_view key, JsonValue value) {
    if (key == "default_strategy") {
      Named named;
      if (!ReadStrategy(value, "", named)) return false;
      strategies.default_ = std::move(named.strategy);
      return true;
    }
    if (key != "service_strategies") return true;
    return ForEachItem(value, [&](JsonValue object) {
      Named named;
      if (!ReadStrategy(object, "service", named)) return false;
      strategies.services_.insert_or_assign(std::string(named.name), std::move(named.strategy));
      return true;
    });
  });
  if (!read) return false;
  strategies.left_out_ = std::move(left_out_);
  for (auto& [service, strategy] : strategies.services_) {
    if (strategy.most_a_second && strategy.rate_of.empty()) continue;
    strategy.rate_of.insert(strategies.default_.rate_of.begin(), strategies.default_.rate_of.end());
  }
  return true;
}

// `name_key` is the member with the name; empty: it has none.
bool SamplingStrategies::Reader::ReadStrategy(JsonValue object, std::string_view name_key,
                                              Named& named) {
  std::optional<std::string_view> name;
  std::string_view type;
  std::optional<JsonValue> parameter;
  const bool read = ForEachField(object, [&](std::string_view key, JsonValue value) {
    if (key == "type") return ReadText(value, type);
    if (key == "param") parameter = value;
    if (key == "operation_strategies" && name_key != "operation") {
      return ForEachItem(value,
                         [&](JsonValue item) { return ReadOperation(item, named.strategy); });
    }
    if (key != name_key || name_key.empty()) return true;
    return ReadText(value, name.emplace());
  });
  if (!read) return false;
  if (!name_key.empty() && !name) return Fail("expected a strategy with a name", object);
  if (!parameter) return Fail("expected a strategy with a \"param\"", object);
  named.name = name.value_or("");
  return ReadParameter(object, type, *parameter, named.strategy);
}

bool SamplingStrategies::Reader::ReadParameter(JsonValue object, std::string_view type,
                                               JsonValue parameter, SamplingStrategy& strategy) {
  // A comparison with what is no number is false.
  const std::optional<double> number = wire::ReadJsonDouble(parameter);
  if (!number) return Fail("expected a number", parameter);
  if (type == "probabilistic") {
    if (!(*number >= 0 && *number <= 1)) return Fail("expected a rate from 0 to 1", parameter);
    strategy.rate = *number;
    return true;
  }
  if (type != "ratelimiting") {
    return Fail("expected a \"type\" that is probabilistic or ratelimiting", object);
  }
  if (!(*number >= 0 && *number <= kMostTracesASecond)) {
    return Fail("expected a number of traces a second from 0 to 32767", parameter);
  }
  strategy.most_a_second = static_cast<int32_t>(*number);
  return true;
}

bool SamplingStrategies::Reader::ReadOperation(JsonValue object, SamplingStrategy& of_service) {
  Named named;
  if (!ReadStrategy(object, "operation", named)) return false;
  if (named.strategy.most_a_second) {
    left_out_.emplace_back(named.name);
    return true;
  }
  of_service.rate_of.insert_or_assign(std::string(named.name), named.strategy.rate);
  return true;
}

base::Result<SamplingStrategies> SamplingStrategies::FromJson(std::string_view json) {
  constexpr std::string_view kFormat = "sampling strategies";
  wire::JsonTree tree;
  wire::ScanFailure failure;
  if (!tree.Parse(json, failure)) return failure.ToError(kFormat);
  SamplingStrategies strategies;
  Reader reader;
  if (!reader.Read(tree.root(), strategies)) return reader.failure().ToError(kFormat);
  return strategies;
}

}  // namespace clew::ingest

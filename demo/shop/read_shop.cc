// SPDX-License-Identifier: Apache-2.0
// Reads shop.yaml. yaml-cpp throws, so its exceptions end in this file; every node carries its
// line, and so does every error made here.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "shop/shop.h"

namespace clew::shop {
namespace {

struct Unit {
  std::string_view name;
  int64_t nanos;
};
constexpr Unit kUnits[] = {{"us", 1'000}, {"ms", 1'000'000}, {"s", 1'000'000'000}};

class Reader {
 public:
  explicit Reader(std::string_view file_name) : file_name_(file_name) {}

  base::Result<Shop> Read(const YAML::Node& root) {
    TRY(CheckKeys(root, {"spread", "network", "visits", "visitors", "peers", "services"}));
    shop_.spread = TRY(ReadNumber(root, "spread", 0));
    shop_.network = TRY(ReadTime(root, "network", Nanos(0)));
    TRY(ReadPeers(root["peers"]));
    // Names first: operations speak of services that stand below them.
    for (const auto& entry : root["services"]) {
      shop_.services.push_back({.name = entry.first.Scalar(), .operations = {}});
    }
    size_t number = 0;
    for (const auto& entry : root["services"]) {
      TRY(ReadOperations(entry.second, shop_.services[number++]));
    }
    TRY(CheckTargets());
    TRY(ReadVisits(root));
    for (const auto& entry : root["visitors"]) {
      shop_.visitors.emplace_back(entry.first.Scalar(), TRY(ReadTexts(entry.second)));
    }
    return std::move(shop_);
  }

  base::Error At(const YAML::Mark& mark, const std::string& what) const {
    return {base::ErrorCode::kInvalidArgument,
            file_name_ + ":" + std::to_string(mark.line + 1) + ": " + what};
  }

 private:
  // A step that names an operation, to be looked for when all are known.
  struct Mention {
    YAML::Mark mark;
    uint32_t service = 0;
    std::string operation;
  };

  base::Error At(const YAML::Node& node, const std::string& what) const {
    return At(node.Mark(), what);
  }

  base::Status CheckKeys(const YAML::Node& node,
                         std::initializer_list<std::string_view> known) const {
    if (!node.IsMap()) return At(node, "expected keys and values");
    for (const auto& entry : node) {
      const std::string key = entry.first.Scalar();
      if (std::ranges::find(known, key) != known.end()) continue;
      std::string what = "unknown key '" + key + "'; known here:";
      for (const std::string_view name : known) what += " " + std::string(name);
      return At(entry.first, what);
    }
    return {};
  }

  base::Result<double> ReadNumber(const YAML::Node& parent, const char* key,
                                  double otherwise) const {
    const YAML::Node node = parent[key];
    if (!node) return otherwise;
    const std::string text = node.IsScalar() ? node.Scalar() : "";
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !(number >= 0)) {
      return At(node, "expected a number of 0 or more, not '" + text + "'");
    }
    return number;
  }

  // "3 ms".
  base::Result<Nanos> ReadTime(const YAML::Node& parent, const char* key, Nanos otherwise) const {
    const YAML::Node node = parent[key];
    if (!node) return otherwise;
    const std::string text = node.IsScalar() ? node.Scalar() : "";
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
    while (unit.starts_with(' ')) unit.remove_prefix(1);
    const auto* known = std::ranges::find(kUnits, unit, &Unit::name);
    if (error != std::errc() || known == std::end(kUnits) || number < 0 ||
        number > INT64_C(3600'000'000'000) / known->nanos) {
      return At(node,
                "expected a time of at most an hour like '3 ms' or '400 us', not '" + text + "'");
    }
    return Nanos(number * known->nanos);
  }

  base::Result<std::vector<std::string>> ReadTexts(const YAML::Node& node) const {
    if (!node.IsSequence() || node.size() == 0) return At(node, "expected a list of values");
    std::vector<std::string> texts;
    for (const YAML::Node& one : node) texts.push_back(one.Scalar());
    return texts;
  }

  base::Status ReadPeers(const YAML::Node& node) {
    for (const auto& entry : node) {
      shop_.peers.push_back({.name = entry.first.Scalar(), .system = entry.second.Scalar()});
    }
    return {};
  }

  base::Status ReadOperations(const YAML::Node& node, Service& service) {
    if (!node.IsMap()) return At(node, "expected operations and their steps");
    for (const auto& entry : node) {
      service.operations.push_back(
          {.name = entry.first.Scalar(), .steps = TRY(ReadSteps(entry.second))});
    }
    return {};
  }

  base::Result<std::vector<Step>> ReadSteps(const YAML::Node& node) {
    if (!node.IsSequence()) return At(node, "expected a list of steps");
    std::vector<Step> steps;
    for (const YAML::Node& one : node) steps.push_back(TRY(ReadStep(one)));
    return steps;
  }

  base::Result<Step> ReadStep(const YAML::Node& node) {
    TRY(CheckKeys(node,
                  {"work", "call", "send", "together", "time", "queue", "wait", "share", "times"}));
    Step step;
    step.share = TRY(ReadNumber(node, "share", 1));
    step.times = TRY(ReadNumber(node, "times", 1));
    if (node["work"]) {
      step.time = TRY(ReadTime(node, "work", Nanos(0)));
    } else if (node["together"]) {
      step.kind = StepKind::kTogether;
      step.steps = TRY(ReadSteps(node["together"]));
    } else if (node["call"]) {
      TRY(ReadTarget(node["call"], step));
      step.time = TRY(ReadTime(node, "time", Nanos(0)));
    } else if (node["send"]) {
      TRY(ReadTarget(node["send"], step));
      if (step.kind != StepKind::kCall) return At(node, "a message goes to a service");
      step.kind = StepKind::kSend;
      step.wait = TRY(ReadTime(node, "wait", Nanos(0)));
      if (!node["queue"]) return At(node, "expected the key 'queue'");
      step.queue = node["queue"].Scalar();
    } else {
      return At(node, "expected a step: work, call, send or together");
    }
    return step;
  }

  // "cart GET /cart": a service or peer, and its operation.
  base::Status ReadTarget(const YAML::Node& node, Step& step) {
    const auto [name, operation] = SplitTarget(node);
    step.operation = operation;
    if (const auto service = ServiceNamed(name)) {
      step.kind = StepKind::kCall;
      step.target = *service;
      mentions_.push_back({node.Mark(), *service, operation});
      return {};
    }
    const auto peer = std::ranges::find(shop_.peers, name, &Peer::name);
    if (peer == shop_.peers.end())
      return At(node, "no service and no peer is called '" + name + "'");
    step.kind = StepKind::kPeer;
    step.target = static_cast<uint32_t>(peer - shop_.peers.begin());
    return {};
  }

  static std::pair<std::string, std::string> SplitTarget(const YAML::Node& node) {
    const std::string text = node.IsScalar() ? node.Scalar() : "";
    const size_t space = std::min(text.find(' '), text.size());
    return {text.substr(0, space), text.substr(std::min(space + 1, text.size()))};
  }

  std::optional<uint32_t> ServiceNamed(std::string_view name) const {
    const auto found = std::ranges::find(shop_.services, name, &Service::name);
    if (found == shop_.services.end()) return std::nullopt;
    return static_cast<uint32_t>(found - shop_.services.begin());
  }

  base::Status CheckTargets() {
    for (const Mention& mention : mentions_) {
      const Service& service = shop_.services[mention.service];
      if (FindOperation(service, mention.operation) != nullptr) continue;
      return At(mention.mark,
                "service '" + service.name + "' has no operation '" + mention.operation + "'");
    }
    for (uint32_t i = 0; i < shop_.services.size(); ++i) {
      for (const Operation& operation : shop_.services[i].operations) {
        TRY(CheckDepth(i, operation.steps, operation.name, 0));
      }
    }
    return {};
  }

  // Deeper than there are operations, calls can only go in a circle.
  base::Status CheckDepth(uint32_t service, const std::vector<Step>& steps,
                          const std::string& operation, size_t depth) const {
    if (depth > kMaxDepth) {
      return base::Error{base::ErrorCode::kInvalidArgument,
                         file_name_ + ": '" + operation + "' of service '" +
                             shop_.services[service].name + "' comes to itself again"};
    }
    for (const Step& step : steps) {
      if (step.kind == StepKind::kTogether) {
        TRY(CheckDepth(service, step.steps, operation, depth));
      } else if (step.kind == StepKind::kCall || step.kind == StepKind::kSend) {
        const Operation* target = FindOperation(shop_.services[step.target], step.operation);
        TRY(CheckDepth(step.target, target->steps, target->name, depth + 1));
      }
    }
    return {};
  }

  base::Status ReadVisits(const YAML::Node& root) {
    const YAML::Node visits = root["visits"];
    if (!visits || !visits.IsSequence() || visits.size() == 0) {
      return At(visits ? visits : root, "expected the key 'visits' with a list of them");
    }
    for (const YAML::Node& node : visits) {
      TRY(CheckKeys(node, {"ask", "weight"}));
      if (!node["ask"]) return At(node, "expected the key 'ask'");
      const auto [name, operation] = SplitTarget(node["ask"]);
      const auto service = ServiceNamed(name);
      if (!service || FindOperation(shop_.services[*service], operation) == nullptr) {
        std::string wrong = "no service '" + name;
        wrong.append("' has an operation '").append(operation).append("'");
        return At(node["ask"], wrong);
      }
      shop_.visits.push_back({.service = *service,
                              .operation = operation,
                              .weight = TRY(ReadNumber(node, "weight", 1))});
    }
    return {};
  }

  static constexpr size_t kMaxDepth = 32;

  const std::string file_name_;
  Shop shop_;
  std::vector<Mention> mentions_;
};

}  // namespace

const Operation* FindOperation(const Service& service, std::string_view name) {
  const auto found = std::ranges::find(service.operations, name, &Operation::name);
  return found == service.operations.end() ? nullptr : &*found;
}

base::Result<Shop> ReadShop(std::string_view yaml, std::string_view file_name) {
  Reader reader(file_name);
  try {
    return reader.Read(YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& exception) {
    return reader.At(exception.mark, exception.msg);
  }
}

}  // namespace clew::shop

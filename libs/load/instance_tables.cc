// SPDX-License-Identifier: Apache-2.0
#include "load/instance_tables.h"

#include <array>
#include <string>

#include "wire/otlp_writer.h"
#include "wire/protobuf_writer.h"

namespace clew::load {
namespace {

// Part of the seed's key that is no trace.
constexpr uint64_t kInstanceDraws = UINT64_MAX - 1;
constexpr uint32_t kInstancesPerNode = 20;

std::string Hex(uint64_t random, size_t digits) {
  std::string text;
  for (; text.size() < digits; random >>= 4) text += "0123456789abcdef"[random & 15];
  return text;
}

AttributeRule Rule(std::string_view key, std::string_view pattern, Shape shape = Shape::kText) {
  return {.key = key, .shape = shape, .pattern = pattern};
}

// Eight on average: every second service has one more or one less.
void WriteOfService(const TextSlot& slot, std::string& out) {
  const std::string_view language = ServiceGraph::Language(slot.service);
  const auto add = [&](const AttributeRule& rule) { out += EncodeAttribute(1, rule, slot); };
  add(Rule("service.name", "@"));
  add(Rule("service.namespace", "shop"));
  out += EncodeText(1, "service.version", "2.17." + std::to_string(slot.service % 9));
  add(Rule("deployment.environment.name", "production"));
  add(Rule("telemetry.sdk.name", "opentelemetry"));
  out += EncodeText(1, "telemetry.sdk.language", language);
  out += EncodeText(1, "telemetry.sdk.version", "1.28." + std::to_string(language.size()));
  if (slot.service % 4 != 1) add(Rule("cloud.region", "af-south-1"));
  if (slot.service % 4 == 2) {
    add(Rule("process.command_args", "/app/@,--config,/etc/@.yaml", Shape::kTextArray));
  }
}

// The 5 that are the instance's own.
void WriteOfInstance(const TextSlot& slot, const RandomKey& key, std::string& out) {
  const std::string pod =
      std::string(slot.service_name) + "-" + Hex(key.Draw(0), 9) + "-" + Hex(key.Draw(1), 5);
  out += EncodeText(1, "service.instance.id", Hex(key.Draw(2), 8) + "-" + Hex(key.Draw(3), 12));
  out += EncodeText(1, "k8s.pod.name", pod);
  out += EncodeText(1, "k8s.node.name",
                    "ip-10-0-0-" + std::to_string(slot.number / kInstancesPerNode));
  out += EncodeText(1, "container.id", Hex(key.Draw(4), 16) + Hex(key.Draw(5), 16));
  out += EncodeAttribute(1, Rule("process.pid", "#", Shape::kInteger),
                         TextSlot{slot.service_name, slot.service, Below(key.Draw(6), 32768)});
}

std::string EncodeScope(uint32_t service, ScopeKind kind) {
  constexpr std::array<std::string_view, kScopeKindCount> kNames{"http", "storage", "application"};
  wire::ProtobufWriter out;
  const size_t opened = out.Open(1);
  out.Bytes(1, "io.opentelemetry." + std::string(ServiceGraph::Language(service)) + "." +
                   std::string(kNames[static_cast<size_t>(kind)]));
  out.Bytes(2, "1.4." + std::to_string(service % 3));
  out.Close(opened);
  return out.Take();
}

}  // namespace

ScopeKind ScopeOf(Role role) {
  switch (role) {
    case Role::kServer:
    case Role::kConsumer:
    case Role::kHttpClient:
    case Role::kProducer:
      return ScopeKind::kNetwork;
    case Role::kDatabase:
    case Role::kCache:
      return ScopeKind::kStorage;
    case Role::kInternal:
      break;
  }
  return ScopeKind::kApplication;
}

InstanceTables::InstanceTables(const TraceGenerator& generator) {
  const ServiceGraph& services = generator.services();
  const RandomKey draws = generator.key().Part(kInstanceDraws);
  const int64_t most = generator.profile().clock_skew_ns;
  for (uint32_t instance = 0; instance < generator.instance_count(); ++instance) {
    const uint32_t service = generator.ServiceOf(instance);
    const RandomKey key = draws.Part(instance);
    const TextSlot slot{services.name(service), service, instance};
    std::string attributes;
    WriteOfService(slot, attributes);
    WriteOfInstance(slot, key, attributes);
    wire::ProtobufWriter resource;
    resource.Bytes(1, attributes);
    resources_.Add(resource.bytes());
    const double ahead = 2 * UnitInterval(key.Draw(7)) - 1;
    clock_skews_.push_back(static_cast<int64_t>(ahead * static_cast<double>(most)));
  }
  for (uint32_t service = 0; service < services.service_count(); ++service) {
    for (uint32_t kind = 0; kind < kScopeKindCount; ++kind) {
      scopes_.Add(EncodeScope(service, static_cast<ScopeKind>(kind)));
    }
  }
}

}  // namespace clew::load

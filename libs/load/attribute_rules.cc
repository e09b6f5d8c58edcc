// SPDX-License-Identifier: Apache-2.0
// The attributes of the default profile: keys of OpenTelemetry's semantic conventions
// and a few of an application's own, with cardinalities as a shop on Kubernetes has them.
#include "load/attribute_rules.h"

#include <array>

namespace clew::load {
namespace {

using enum Shape;
using enum TextsOf;
using enum ChosenBy;

constexpr std::string_view kMethods = "GET|POST|GET|PUT|GET|DELETE";
constexpr std::string_view kRoutePattern = "/api/v1/@/%/{id}/actions/#";
constexpr std::string_view kAgents =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/1#.0 Safari/537.36|"
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_# like Mac OS X) AppleWebKit/605.1.15|"
    "shop-app/4.#.0 (Android 14)|Mozilla/5.0 (X11; Linux x86_64; rv:1#.0) Gecko Firefox";

constexpr std::array kServerRules{
    AttributeRule{
        .key = "http.request.method", .pattern = kMethods, .values = 6, .chosen_by = kRoute},
    AttributeRule{.key = "http.route",
                  .pattern = kRoutePattern,
                  .values = kRoutesPerService,
                  .texts_of = kService,
                  .chosen_by = kRoute},
    AttributeRule{.key = "url.path",
                  .shape = kNumberedText,
                  .pattern = "/api/v1/@/%/",
                  .values = 100'000,
                  .texts_of = kService,
                  .chosen_by = kRoute},
    AttributeRule{.key = "url.scheme", .pattern = "https"},
    AttributeRule{.key = "http.response.status_code",
                  .shape = kInteger,
                  .pattern = "200|201|204|304|404|500",
                  .values = 6,
                  .zipf = 2.0,
                  .chosen_by = kOutcome},
    AttributeRule{.key = "server.address", .pattern = "@.shop.example.com", .texts_of = kService},
    AttributeRule{.key = "server.port", .shape = kInteger, .pattern = "8080"},
    AttributeRule{.key = "client.address",
                  .shape = kNumberedText,
                  .pattern = "10.84.7.",
                  .values = 5000,
                  .zipf = 1.0},
    AttributeRule{.key = "user_agent.original", .pattern = kAgents, .values = 32, .zipf = 1.0},
    AttributeRule{.key = "network.protocol.version", .pattern = "1.1|2", .values = 2},
    AttributeRule{.key = "thread.id", .shape = kInteger, .pattern = "#", .values = 64},
    AttributeRule{.key = "http.response.body.size", .shape = kAnyInteger, .values = 1 << 18},
    AttributeRule{.key = "tenant.id", .pattern = "tenant-#", .values = 200, .zipf = 1.0},
    AttributeRule{.key = "enduser.id",
                  .shape = kNumberedText,
                  .pattern = "user-",
                  .values = 10'000,
                  .zipf = 1.0,
                  .presence = 0.7},
    AttributeRule{
        .key = "http.request.body.size", .shape = kAnyInteger, .values = 1 << 16, .presence = 0.4},
    AttributeRule{.key = "http.request.header.accept",
                  .shape = kTextArray,
                  .pattern = "application/json|text/html|application/json,text/plain|*/*",
                  .values = 4,
                  .zipf = 1.0,
                  .presence = 0.7},
    AttributeRule{.key = "session.id", .shape = kHex, .values = 16, .presence = 0.3},
    AttributeRule{.key = "app.experiments",
                  .shape = kNested,
                  .pattern = "variant-#",
                  .values = 12,
                  .zipf = 1.0,
                  .presence = 0.2},
    AttributeRule{.key = "url.query",
                  .pattern = "page=#&sort=price|page=#|q=%&limit=50",
                  .values = 60,
                  .zipf = 1.0,
                  .presence = 0.5},
};

constexpr std::array kConsumerRules{
    AttributeRule{.key = "messaging.system", .pattern = "kafka"},
    AttributeRule{.key = "messaging.destination.name",
                  .pattern = "@.events.#",
                  .values = kRoutesPerService,
                  .texts_of = kService,
                  .chosen_by = kRoute},
    AttributeRule{.key = "messaging.operation.type", .pattern = "process"},
    AttributeRule{.key = "messaging.message.id", .shape = kHex, .values = 32},
    AttributeRule{.key = "messaging.kafka.offset", .shape = kAnyInteger, .values = 1 << 28},
    AttributeRule{.key = "messaging.destination.partition.id", .pattern = "#", .values = 32},
    AttributeRule{
        .key = "messaging.consumer.group.name", .pattern = "@-workers", .texts_of = kService},
    AttributeRule{.key = "messaging.message.body.size", .shape = kAnyInteger, .values = 1 << 16},
    AttributeRule{.key = "thread.id", .shape = kInteger, .pattern = "#", .values = 64},
    AttributeRule{.key = "thread.name", .pattern = "consumer-#", .values = 16},
    AttributeRule{
        .key = "server.address", .pattern = "kafka-#.kafka.svc.cluster.local", .values = 3},
    AttributeRule{.key = "server.port", .shape = kInteger, .pattern = "9092"},
    AttributeRule{.key = "tenant.id", .pattern = "tenant-#", .values = 200, .zipf = 1.0},
    AttributeRule{.key = "messaging.batch.message_count",
                  .shape = kInteger,
                  .pattern = "#",
                  .values = 100,
                  .zipf = 1.0,
                  .presence = 0.3},
};

constexpr std::array kInternalRules{
    AttributeRule{.key = "code.function.name",
                  .pattern = "shop.@.%Handler.handle#",
                  .values = kRoutesPerService,
                  .texts_of = kService,
                  .chosen_by = kRoute},
    AttributeRule{.key = "code.file.path",
                  .pattern = "src/main/@/%_handler_#",
                  .values = kRoutesPerService,
                  .texts_of = kService,
                  .chosen_by = kRoute},
    AttributeRule{
        .key = "code.line.number", .shape = kInteger, .pattern = "#", .values = 600, .zipf = 0.5},
    AttributeRule{.key = "thread.id", .shape = kInteger, .pattern = "#", .values = 64},
    AttributeRule{.key = "thread.name", .pattern = "worker-#", .values = 64},
    AttributeRule{.key = "app.stage",
                  .pattern = "validate|load|transform|render|store",
                  .values = 5,
                  .zipf = 0.5},
    AttributeRule{
        .key = "app.items.count", .shape = kInteger, .pattern = "#", .values = 400, .zipf = 1.0},
    AttributeRule{.key = "app.cache.hit", .shape = kFlag, .values = 2},
    AttributeRule{.key = "app.amount", .shape = kAnyDouble, .values = 50'000},
    AttributeRule{.key = "tenant.id", .pattern = "tenant-#", .values = 200, .zipf = 1.0},
    AttributeRule{.key = "enduser.id",
                  .shape = kNumberedText,
                  .pattern = "user-",
                  .values = 10'000,
                  .zipf = 1.0,
                  .presence = 0.7},
    AttributeRule{.key = "app.labels",
                  .shape = kTextArray,
                  .pattern = "gold,europe|silver|gold,africa,trial|beta-#,silver",
                  .values = 20,
                  .zipf = 1.0,
                  .presence = 0.6},
    AttributeRule{.key = "app.context",
                  .shape = kNested,
                  .pattern = "step-#",
                  .values = 50,
                  .zipf = 1.0,
                  .presence = 0.35},
    AttributeRule{.key = "feature_flag.key",
                  .pattern = "new-%-flow",
                  .values = 24,
                  .zipf = 1.0,
                  .presence = 0.45},
};

constexpr std::array kHttpClientRules{
    AttributeRule{
        .key = "http.request.method", .pattern = kMethods, .values = 6, .chosen_by = kRoute},
    AttributeRule{.key = "url.full",
                  .shape = kNumberedText,
                  .pattern = "http://@.shop.svc.cluster.local:8080/api/v1/%/",
                  .values = 100'000,
                  .texts_of = kTarget,
                  .chosen_by = kRoute},
    AttributeRule{.key = "url.scheme", .pattern = "http"},
    AttributeRule{.key = "http.response.status_code",
                  .shape = kInteger,
                  .pattern = "200|201|204|304|404|500",
                  .values = 6,
                  .zipf = 2.0,
                  .chosen_by = kOutcome},
    AttributeRule{
        .key = "server.address", .pattern = "@.shop.svc.cluster.local", .texts_of = kTarget},
    AttributeRule{.key = "server.port", .shape = kInteger, .pattern = "8080"},
    AttributeRule{.key = "peer.service", .pattern = "@", .texts_of = kTarget},
    AttributeRule{
        .key = "network.peer.address", .pattern = "10.96.14.#", .values = 120, .zipf = 0.5},
    AttributeRule{.key = "network.protocol.version", .pattern = "1.1|2", .values = 2},
    AttributeRule{.key = "thread.id", .shape = kInteger, .pattern = "#", .values = 64},
    AttributeRule{.key = "http.response.body.size", .shape = kAnyInteger, .values = 1 << 18},
    AttributeRule{.key = "tenant.id", .pattern = "tenant-#", .values = 200, .zipf = 1.0},
    AttributeRule{.key = "app.retry.budget", .shape = kAnyDouble, .values = 100},
    AttributeRule{
        .key = "user_agent.original", .pattern = "shop-http-client/2.#", .values = 8, .zipf = 1.0},
    AttributeRule{
        .key = "http.request.body.size", .shape = kAnyInteger, .values = 1 << 16, .presence = 0.4},
    AttributeRule{.key = "http.request.resend_count",
                  .shape = kInteger,
                  .pattern = "#",
                  .values = 4,
                  .zipf = 1.0,
                  .presence = 0.05},
};

constexpr std::array kProducerRules{
    AttributeRule{.key = "messaging.system", .pattern = "kafka"},
    AttributeRule{.key = "messaging.destination.name",
                  .pattern = "@.events.#",
                  .values = kRoutesPerService,
                  .texts_of = kTarget,
                  .chosen_by = kRoute},
    AttributeRule{.key = "messaging.operation.type", .pattern = "send"},
    AttributeRule{.key = "messaging.message.id", .shape = kHex, .values = 32},
    AttributeRule{.key = "messaging.destination.partition.id", .pattern = "#", .values = 32},
    AttributeRule{.key = "messaging.client.id", .pattern = "@-producer", .texts_of = kService},
    AttributeRule{.key = "messaging.message.body.size", .shape = kAnyInteger, .values = 1 << 16},
    AttributeRule{.key = "thread.id", .shape = kInteger, .pattern = "#", .values = 64},
    AttributeRule{.key = "thread.name", .pattern = "producer-#", .values = 16},
    AttributeRule{
        .key = "server.address", .pattern = "kafka-#.kafka.svc.cluster.local", .values = 3},
    AttributeRule{.key = "server.port", .shape = kInteger, .pattern = "9092"},
    AttributeRule{.key = "tenant.id", .pattern = "tenant-#", .values = 200, .zipf = 1.0},
    AttributeRule{.key = "peer.service", .pattern = "@", .texts_of = kTarget},
};

constexpr std::array kDatabaseRules{
    AttributeRule{.key = "db.system.name", .pattern = "postgresql"},
    AttributeRule{.key = "db.namespace", .pattern = "@", .texts_of = kService},
    AttributeRule{.key = "db.operation.name",
                  .pattern = "SELECT|SELECT|INSERT|UPDATE",
                  .values = 4,
                  .chosen_by = kRoute},
    AttributeRule{.key = "db.collection.name",
                  .pattern = "%_rows",
                  .values = kRoutesPerService,
                  .texts_of = kService,
                  .chosen_by = kRoute},
    AttributeRule{
        .key = "db.query.text",
        .pattern = "SELECT id, name, state, total, updated_at FROM %_rows WHERE id = $1 LIMIT "
                   "#|SELECT count(*) FROM %_rows WHERE kind = $1 AND state < #|INSERT INTO %_rows "
                   "(id, name, state, total) VALUES ($1, $2, $3, #)|UPDATE %_rows SET state = $1, "
                   "updated_at = now() WHERE id = $2 AND version = #",
        .values = kRoutesPerService,
        .texts_of = kService,
        .chosen_by = kRoute},
    AttributeRule{
        .key = "server.address", .pattern = "@-db.shop.svc.cluster.local", .texts_of = kService},
    AttributeRule{.key = "server.port", .shape = kInteger, .pattern = "5432"},
    AttributeRule{
        .key = "network.peer.address", .pattern = "10.96.31.#", .values = 40, .zipf = 0.5},
    AttributeRule{.key = "db.response.returned_rows",
                  .shape = kInteger,
                  .pattern = "#",
                  .values = 1000,
                  .zipf = 1.2},
    AttributeRule{
        .key = "db.client.connection.pool.name", .pattern = "@-pool", .texts_of = kService},
    AttributeRule{
        .key = "db.query.parameter.0", .shape = kNumberedText, .pattern = "id-", .values = 50'000},
    AttributeRule{.key = "thread.id", .shape = kInteger, .pattern = "#", .values = 64},
    AttributeRule{.key = "thread.name", .pattern = "worker-#", .values = 64},
    AttributeRule{.key = "tenant.id", .pattern = "tenant-#", .values = 200, .zipf = 1.0},
    AttributeRule{.key = "db.client.connection.wait_seconds",
                  .shape = kAnyDouble,
                  .values = 500,
                  .presence = 0.6},
};

constexpr std::array kCacheRules{
    AttributeRule{.key = "db.system.name", .pattern = "redis"},
    AttributeRule{.key = "db.namespace", .pattern = "0|1|2", .values = 3, .zipf = 1.0},
    AttributeRule{.key = "db.operation.name",
                  .pattern = "GET|SET|MGET|DEL",
                  .values = 4,
                  .chosen_by = kRoute},
    AttributeRule{.key = "db.query.text",
                  .shape = kNumberedText,
                  .pattern = "GET %:",
                  .values = 20'000,
                  .zipf = 1.0,
                  .texts_of = kService,
                  .chosen_by = kRoute},
    AttributeRule{
        .key = "server.address", .pattern = "redis-#.cache.svc.cluster.local", .values = 6},
    AttributeRule{.key = "server.port", .shape = kInteger, .pattern = "6379"},
    AttributeRule{.key = "network.peer.address", .pattern = "10.96.52.#", .values = 6},
    AttributeRule{.key = "cache.hit", .shape = kFlag, .values = 2},
    AttributeRule{.key = "cache.value.size", .shape = kAnyInteger, .values = 1 << 14},
    AttributeRule{.key = "thread.id", .shape = kInteger, .pattern = "#", .values = 64},
    AttributeRule{.key = "tenant.id", .pattern = "tenant-#", .values = 200, .zipf = 1.0},
};

}  // namespace

std::span<const AttributeRule> RulesOf(Role role) {
  switch (role) {
    case Role::kServer:
      return kServerRules;
    case Role::kConsumer:
      return kConsumerRules;
    case Role::kInternal:
      return kInternalRules;
    case Role::kHttpClient:
      return kHttpClientRules;
    case Role::kProducer:
      return kProducerRules;
    case Role::kDatabase:
      return kDatabaseRules;
    case Role::kCache:
      return kCacheRules;
  }
  return {};
}

std::string_view NamePatternOf(Role role) {
  switch (role) {
    case Role::kServer:
      return "GET /api/v1/@/%/{id}/actions/#|POST /api/v1/@/%/{id}/actions/#|"
             "GET /api/v1/@/%/{id}/actions/#|PUT /api/v1/@/%/{id}/actions/#|"
             "GET /api/v1/@/%/{id}/actions/#|DELETE /api/v1/@/%/{id}/actions/#";
    case Role::kConsumer:
      return "process @.events.#";
    case Role::kInternal:
      return "%Handler.handle#";
    case Role::kHttpClient:
      return kMethods;
    case Role::kProducer:
      return "send @.events.#";
    case Role::kDatabase:
      return "SELECT %_rows|SELECT %_rows|INSERT %_rows|UPDATE %_rows";
    case Role::kCache:
      return "GET|SET|MGET|DEL";
  }
  return {};
}

}  // namespace clew::load

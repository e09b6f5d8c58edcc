// SPDX-License-Identifier: Apache-2.0
#include "config/tempo_import.h"

#include <gmock/gmock.h>

namespace clew::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TempoImport Import(std::string_view text) {
  return ImportTempo(text, "tempo.yaml").value();
}

std::string Printed(std::string_view text) {
  return PrintSettings(Import(text).settings);
}

TEST(TempoImport, TakesTheFormatOfTheLog) {
  EXPECT_THAT(Printed("server:\n  log_format: json\n"), HasSubstr("log-format: json"));
  const TempoImport logfmt = Import("server:\n  log_format: logfmt\n");
  EXPECT_THAT(PrintSettings(logfmt.settings), Not(HasSubstr("log-format")));
  EXPECT_THAT(logfmt.notes, testing::IsEmpty());
}

TEST(TempoImport, PointsForwardersAtOurOwn) {
  const TempoImport import = Import(
      "distributor:\n  forwarders:\n    - name: other\n"
      "overrides:\n  defaults:\n    forwarders: ['other']\n");
  EXPECT_THAT(import.notes, testing::Contains(HasSubstr("give forward the address")));
  EXPECT_THAT(import.notes, testing::Contains(HasSubstr("the spans of all tenants")));
}

TEST(TempoImport, SaysWhichSettingsHoldQueriesBack) {
  const TempoImport import = Import(
      "querier:\n  max_concurrent_queries: 20\n"
      "query_frontend:\n  max_outstanding_per_tenant: 2000\n");
  EXPECT_THAT(import.notes, testing::Contains(HasSubstr("query-concurrency says")));
  EXPECT_THAT(import.notes, testing::Contains(HasSubstr("query-queue says")));
}

TEST(TempoImport, TakesWhatASingleBinaryHas) {
  const TempoImport import = Import(
      "stream_over_http_enabled: true\n"
      "server:\n"
      "  http_listen_port: 3201\n"
      "  log_level: info\n"
      "distributor:\n"
      "  receivers:\n"
      "    otlp:\n"
      "      protocols:\n"
      "        grpc:\n"
      "          endpoint: \"0.0.0.0:5317\"\n"
      "        http:\n"
      "    zipkin:\n"
      "storage:\n"
      "  trace:\n"
      "    backend: local\n"
      "    wal:\n"
      "      path: /var/tempo/wal\n"
      "    local:\n"
      "      path: /var/tempo/blocks\n"
      "compactor:\n"
      "  compaction:\n"
      "    block_retention: 48h\n"
      "metrics_generator:\n"
      "  storage:\n"
      "    path: /var/tempo/generator\n"
      "  registry: {external_labels: {a: b}}\n"
      "overrides:\n"
      "  defaults:\n"
      "    ingestion: {rate_limit_bytes: 15e6, burst_size_bytes: 20_000_000}\n");
  EXPECT_EQ(PrintSettings(import.settings),
            "data: /var/tempo/blocks/clew\n"
            "listen: 0.0.0.0\n"
            "port-api: 3201\n"
            "port-jaeger-binary: off\n"
            "port-jaeger-compact: off\n"
            "port-jaeger-grpc: off\n"
            "port-jaeger-thrift: off\n"
            "port-otlp-grpc: 5317\n"
            "retention: 48h\n"
            "tenant-burst: 20000000\n"
            "tenant-rate: 15000000\n");
  EXPECT_THAT(import.notes,
              ElementsAre("tempo.yaml:1: stream_over_http_enabled: not needed, answers are always "
                          "streamed to who asks for it",
                          "tempo.yaml:16: storage.trace.wal: the log is in the data directory",
                          "tempo.yaml:23: metrics_generator: numbers are computed from spans when "
                          "they are asked for; none are sent"));
}

TEST(TempoImport, HasTheReceiversOfATempoThatIsToldOfNone) {
  EXPECT_THAT(Printed("multitenancy_enabled: true\n"),
              AllOf(HasSubstr("multitenancy: true\n"), HasSubstr("port-otlp-http: off\n"),
                    HasSubstr("port-zipkin: off\n"), Not(HasSubstr("port-otlp-grpc")),
                    Not(HasSubstr("port-jaeger-grpc")), HasSubstr("retention: 336h\n")));
}

TEST(TempoImport, SaysWhyWhatItKnowsHasNoSetting) {
  EXPECT_THAT(
      Import("storage:\n"
             "  trace:\n"
             "    backend: s3\n"
             "    s3: {bucket: b, endpoint: e}\n"
             "nonsense: {a: 1, b: [1, 2]}\n")
          .notes,
      ElementsAre("tempo.yaml:3: storage.trace.backend: blocks are in the data directory of "
                  "this machine, no bucket",
                  "tempo.yaml:4: storage.trace.s3: blocks are in the data directory of this "
                  "machine, no bucket",
                  "tempo.yaml:5: nonsense.a: there is no such setting",
                  "tempo.yaml:5: nonsense.b: there is no such setting"));
}

TEST(TempoImport, ListensOnOneAddress) {
  constexpr std::string_view kReceivers =
      "distributor: {receivers: {zipkin: {endpoint: 'localhost:9412'}}}\n";
  EXPECT_THAT(Printed(kReceivers),
              AllOf(HasSubstr("listen: 127.0.0.1\n"), HasSubstr("port-zipkin: 9412\n")));
  const TempoImport both =
      Import(std::string(kReceivers) + "server: {http_listen_address: '::1'}\n");
  EXPECT_THAT(PrintSettings(both.settings), HasSubstr("listen: 0.0.0.0\n"));
  EXPECT_THAT(both.notes, ElementsAre(HasSubstr("all ports listen on one address")));
  EXPECT_THAT(
      Import("server: {http_listen_address: tempo}\n").notes,
      ElementsAre("tempo.yaml:1: server.http_listen_address: listen takes an address, which "
                  "'tempo' is not"));
  EXPECT_THAT(Import("distributor: {receivers: {zipkin: {endpoint: 'unix:/x'}}}\n").notes,
              ElementsAre(HasSubstr("expected HOST:PORT, found 'unix:/x'")));
}

TEST(TempoImport, LeavesVariablesToTheReader) {
  EXPECT_THAT(Import("server: {http_listen_port: '${PORT:3200}'}\n").notes,
              ElementsAre("tempo.yaml:1: port-api: variables are not replaced here; found "
                          "'${PORT:3200}'"));
}

TEST(TempoImport, TakesWhatSingleTenantsMaySend) {
  const TempoImport import =
      ImportTempoOverrides(
          "overrides:\n"
          "  shop.eu: {ingestion: {rate_limit_bytes: 5e6, max_traces_per_user: 7}}\n"
          "  old: {ingestion_burst_size_bytes: 8}\n",
          "o.yaml")
          .value();
  EXPECT_EQ(PrintSettings(import.settings),
            "tenants:\n"
            "  old:\n"
            "    burst: 8\n"
            "  shop.eu:\n"
            "    rate: 5000000\n");
  EXPECT_THAT(import.notes,
              ElementsAre("o.yaml:2: overrides.shop.eu.ingestion.max_traces_per_user: there is no "
                          "such setting"));
}

TEST(TempoImport, TakesWhatTenantsWithoutAnEntryMaySend) {
  const TempoImport import =
      ImportTempoOverrides(
          "overrides:\n"
          "  '*':\n"
          "    ingestion: {rate_limit_bytes: 9e6, burst_size_bytes: 0, max_traces_per_user: 7}\n"
          "    compaction: {block_retention: 24h}\n"
          "  shop: {ingestion: {rate_limit_bytes: 5}}\n",
          "o.yaml")
          .value();
  EXPECT_EQ(PrintSettings(import.settings),
            "retention: 24h\n"
            "tenant-rate: 9000000\n"
            "tenants:\n"
            "  shop:\n"
            "    rate: 5\n");
  EXPECT_THAT(import.notes,
              ElementsAre("o.yaml:3: overrides.*.ingestion.max_traces_per_user: there is no such "
                          "setting"));
  EXPECT_EQ(PrintSettings(ImportTempoOverrides("overrides:\n"
                                               "  '*': {ingestion_burst_size_bytes: 8}\n",
                                               "o.yaml")
                              .value()
                              .settings),
            "tenant-burst: 8\n");
}

TEST(TempoImport, TakesTheLargestMessageThatMayCome) {
  constexpr std::string_view kLimit = "server: {grpc_server_max_recv_msg_size: 16777216}\n";
  EXPECT_THAT(Printed(kLimit), HasSubstr("body-limit: 16MiB\n"));
  EXPECT_THAT(Printed("server: {grpc_server_max_recv_msg_size: 4e6}\n"),
              HasSubstr("body-limit: 4000000\n"));
  const TempoImport import =
      Import(std::string(kLimit) +
             "distributor:\n"
             "  receivers:\n"
             "    otlp: {protocols: {grpc: {max_recv_msg_size_mib: 32}}}\n"
             "    jaeger: {protocols: {grpc: {max_recv_msg_size_mib: 32}}}\n");
  EXPECT_THAT(PrintSettings(import.settings), HasSubstr("body-limit: 32MiB\n"));
  EXPECT_THAT(import.notes,
              ElementsAre("tempo.yaml:1: server.grpc_server_max_recv_msg_size: all receivers have "
                          "one limit, the largest"));
  const TempoImport wrong = Import("server: {grpc_server_max_recv_msg_size: much}\n");
  EXPECT_THAT(PrintSettings(wrong.settings), Not(HasSubstr("body-limit")));
  EXPECT_THAT(wrong.notes, ElementsAre("tempo.yaml:1: server.grpc_server_max_recv_msg_size: "
                                       "expected a number, found 'much'"));
}

TEST(TempoImport, RefusesWhatIsNoConfiguration) {
  EXPECT_EQ(ImportTempo("- 1\n", "t").error().message, "t:1: expected keys and values");
  EXPECT_EQ(ImportTempo("\na: [\n", "t").error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_THAT(ImportTempo("a: &x\n  b: *x\n", "t").error().message, HasSubstr("too deep"));
}

}  // namespace
}  // namespace clew::config

// SPDX-License-Identifier: Apache-2.0
#include "config/tempo_tls.h"

#include <gmock/gmock.h>

#include "config/tempo_import.h"

namespace clew::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The lines of TLS that an import prints.
std::string TlsOf(const TempoImport& import) {
  std::string lines;
  for (const Setting& setting : import.settings) {
    if (setting.key.starts_with("tls-")) lines += PrintSetting(setting);
  }
  return lines;
}

TempoImport ImportedFrom(const std::string& text) {
  return ImportTempo(text, "t").value();
}

constexpr const char* kOtlp = "distributor:\n  receivers:\n    otlp:\n      protocols:\n";

TEST(TempoTls, IsThatOfTheServer) {
  const TempoImport import = ImportedFrom(
      "server:\n"
      "  http_tls_config: {cert_file: /c, key_file: /k, client_ca_file: /a,\n"
      "                    client_auth_type: RequireAndVerifyClientCert}\n");
  EXPECT_EQ(TlsOf(import), "tls-cert: /c\ntls-client-ca: /a\ntls-key: /k\n");
  EXPECT_THAT(import.notes, IsEmpty());
}

TEST(TempoTls, AsksForNoCertificateThatMayBeAbsent) {
  const TempoImport import = ImportedFrom(
      "server:\n"
      "  http_tls_config: {cert_file: /c, key_file: /k, client_ca_file: /a,\n"
      "                    client_auth_type: VerifyClientCertIfGiven}\n");
  EXPECT_EQ(TlsOf(import), "tls-cert: /c\ntls-key: /k\n");
  EXPECT_THAT(
      import.notes,
      ElementsAre("t:2: server.http_tls_config.client_ca_file: clients have to show a "
                  "certificate, as with client_auth_type RequireAndVerifyClientCert, or are "
                  "not asked for one"));
}

TEST(TempoTls, IsThatOfReceiversWhereAllSayTheSame) {
  const TempoImport import =
      ImportedFrom(std::string(kOtlp) +
                   "        grpc: {tls: {cert_file: /c, key_file: /k, client_ca_file: /a}}\n"
                   "        http: {tls: {cert_file: /c, key_file: /k, client_ca_file: /a,\n"
                   "                     min_version: '1.2'}}\n"
                   "    jaeger: {protocols: {thrift_compact: }}\n");
  EXPECT_EQ(TlsOf(import), "tls-cert: /c\ntls-client-ca: /a\ntls-key: /k\n");
  EXPECT_THAT(
      import.notes,
      ElementsAre("t:5: distributor.receivers.otlp.protocols.grpc.tls: TLS is on all ports, "
                  "that of the API as well"));
}

TEST(TempoTls, IsThatOfReceiversAndServerWithoutAWord) {
  const TempoImport import =
      ImportedFrom("server: {http_tls_config: {cert_file: /c, key_file: /k}}\n" +
                   std::string(kOtlp) + "        grpc: {tls: {cert_file: /c, key_file: /k}}\n");
  EXPECT_EQ(TlsOf(import), "tls-cert: /c\ntls-key: /k\n");
  EXPECT_THAT(import.notes, IsEmpty());
}

TEST(TempoTls, IsNotGuessedWhereReceiversDiffer) {
  const TempoImport import = ImportedFrom(std::string(kOtlp) +
                                          "        grpc: {tls: {cert_file: /c, key_file: /k}}\n"
                                          "        http:\n");
  EXPECT_EQ(TlsOf(import), "");
  EXPECT_THAT(import.notes,
              ElementsAre("t:5: distributor.receivers.otlp.protocols.grpc.tls: all ports have one "
                          "certificate, and receivers differ"));
}

TEST(TempoTls, IsThatOfTheServerWhereReceiversHaveAnother) {
  const std::string server = "server: {http_tls_config: {cert_file: /c, key_file: /k}}\n";
  const TempoImport other =
      ImportedFrom(server + kOtlp +
                   "        grpc: {tls: {cert_file: /o, key_file: /k,\n"
                   "                     min_version: '1.0', ca_file: /x}}\n");
  EXPECT_EQ(TlsOf(other), "tls-cert: /c\ntls-key: /k\n");
  EXPECT_THAT(other.notes,
              ElementsAre("t:6: distributor.receivers.otlp.protocols.grpc.tls: all ports have the "
                          "files of server.http_tls_config",
                          "t:7: distributor.receivers.otlp.protocols.grpc.tls.min_version: TLS 1.2 "
                          "and 1.3 are served, found '1.0'",
                          "t:7: distributor.receivers.otlp.protocols.grpc.tls.ca_file: there is no "
                          "such setting"));
  const TempoImport plain = ImportedFrom(server + kOtlp + "        grpc:\n");
  EXPECT_EQ(TlsOf(plain), "tls-cert: /c\ntls-key: /k\n");
  EXPECT_THAT(plain.notes, ElementsAre(HasSubstr("TLS is on all ports, receivers' as well")));
}

}  // namespace
}  // namespace clew::config

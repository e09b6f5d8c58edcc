// SPDX-License-Identifier: Apache-2.0
#include "config/tempo_tls.h"

#include <algorithm>
#include <utility>

namespace clew::config {
namespace {

constexpr std::string_view kServer = "server.http_tls_config";
constexpr std::string_view kHasToShow = "RequireAndVerifyClientCert";

// The files of one port; empty: not said.
struct TlsFiles {
  std::string certificate, key, client_ca;
  bool operator==(const TlsFiles&) const = default;
};

bool IsTls(const TlsFiles& files) {
  return files != TlsFiles();
}

class TlsReader {
 public:
  TlsReader(ForeignKeys& keys, TempoTls& tls) : keys_(keys), tls_(tls) {}

  void Read(std::span<const std::string_view> receivers) {
    const TlsFiles server = OfServer();
    std::vector<std::string> encrypted;
    std::vector<TlsFiles> all;
    for (const std::string_view receiver : receivers) {
      if (!keys_.Has(receiver)) continue;
      const std::string path = std::string(receiver) + ".tls";
      all.push_back(OfReceiver(path));
      if (IsTls(all.back())) encrypted.push_back(path);
    }
    if (encrypted.empty()) {
      if (IsTls(server) && !all.empty()) Note(kServer, "TLS is on all ports, receivers' as well");
      return Set(std::string(kServer), server);
    }
    const bool same = std::ranges::count(all, all.front()) == std::ssize(all);
    if (IsTls(server)) {
      for (const std::string& path : encrypted) {
        if (!same || all.front() != server) Note(path, "all ports have the files of " + Server());
      }
      return Set(std::string(kServer), server);
    }
    for (const std::string& path : encrypted) {
      if (!same) Note(path, "all ports have one certificate, and receivers differ");
    }
    if (!same) return;
    Note(encrypted.front(), "TLS is on all ports, that of the API as well");
    Set(encrypted.front(), all.front());
  }

 private:
  static std::string Server() { return std::string(kServer); }

  std::string Text(const std::string& path) {
    const ForeignKeys::Value* const value = keys_.Take(path);
    return value == nullptr ? "" : value->text;
  }

  // Of Tempo's ways to ask for a certificate there is the strictest, and none.
  TlsFiles OfServer() {
    TlsFiles files{.certificate = Text(Server() + ".cert_file"),
                   .key = Text(Server() + ".key_file"),
                   .client_ca = Text(Server() + ".client_ca_file")};
    const std::string how = Text(Server() + ".client_auth_type");
    if (how == kHasToShow || files.client_ca.empty()) return files;
    files.client_ca.clear();
    Note(Server() + ".client_ca_file",
         "clients have to show a certificate, as with "
         "client_auth_type " +
             std::string(kHasToShow) + ", or are not asked for one");
    return files;
  }

  // A receiver with client_ca_file lets nobody in without a certificate.
  TlsFiles OfReceiver(const std::string& path) {
    const std::string oldest = Text(path + ".min_version");
    if (!oldest.empty() && oldest != "1.2") {
      Note(path + ".min_version", "TLS 1.2 and 1.3 are served, found '" + oldest + "'");
    }
    return {.certificate = Text(path + ".cert_file"),
            .key = Text(path + ".key_file"),
            .client_ca = Text(path + ".client_ca_file")};
  }

  void Set(const std::string& path, const TlsFiles& files) {
    const auto set = [&](const char* key, const std::string& value, const char* name) {
      if (value.empty()) return;
      tls_.settings.push_back(
          {.key = key, .values = {value}, .line = keys_.LineOf(path + "." + name)});
    };
    set("tls-cert", files.certificate, "cert_file");
    set("tls-key", files.key, "key_file");
    set("tls-client-ca", files.client_ca, "client_ca_file");
  }

  void Note(std::string_view path, const std::string& why) {
    tls_.notes.emplace_back(keys_.LineOf(path), std::string(path) + ": " + why);
  }

  ForeignKeys& keys_;
  TempoTls& tls_;
};

}  // namespace

TempoTls TakeTempoTls(ForeignKeys& keys, std::span<const std::string_view> receivers) {
  TempoTls tls;
  TlsReader(keys, tls).Read(receivers);
  return tls;
}

}  // namespace clew::config

// SPDX-License-Identifier: Apache-2.0
#include "net/server_tls.h"

#include <openssl/ssl.h>

#include <array>
#include <string>
#include <utility>

#include "base/log.h"
#include "net/coarse_clock.h"
#include "net/limits.h"

namespace clew::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// NOLINTNEXTLINE(readability-function-size): OpenSSL chooses the parameters
int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* chosen_length,
                   const unsigned char* offered, unsigned offered_length, void*) {
  static constexpr std::array<unsigned char, 12> kOurs = {2,   'h', '2', 8,   'h', 't',
                                                          't', 'p', '/', '1', '.', '1'};
  unsigned char* selected = nullptr;
  if (SSL_select_next_proto(&selected, chosen_length, kOurs.data(), kOurs.size(), offered,
                            offered_length) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = selected;
  return SSL_TLSEXT_ERR_OK;
}

base::Error CannotUse(const std::string& what, const std::string& path, const error_code& error) {
  return {base::ErrorCode::kInvalidArgument,
          "cannot use the " + what + " " + path + ": " + error.message()};
}

// Has every client show a certificate that one of these has signed.
base::Status AskClients(const std::string& ca_path, asio::ssl::context& context) {
  error_code error;
  context.load_verify_file(ca_path, error);
  if (error) return CannotUse("client certificates' authority", ca_path, error);
  SSL_CTX_set_client_CA_list(context.native_handle(), SSL_load_client_CA_file(ca_path.c_str()));
  context.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert, error);
  // A session that goes on is one that was verified here; without a name there are none.
  static constexpr std::array<unsigned char, 4> kName = {'c', 'l', 'e', 'w'};
  SSL_CTX_set_session_id_context(context.native_handle(), kName.data(), kName.size());
  return {};
}

base::Status LoadInto(const TlsFiles& files, asio::ssl::context& context) {
  error_code error;
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  context.use_certificate_chain_file(files.certificate_path, error);
  if (error) return CannotUse("certificate", files.certificate_path, error);
  context.use_private_key_file(files.key_path, asio::ssl::context::pem, error);
  if (error) return CannotUse("key", files.key_path, error);
  SSL_CTX_set_alpn_select_cb(context.native_handle(), ChooseProtocol, nullptr);
  if (files.client_ca_path.empty()) return {};
  return AskClients(files.client_ca_path, context);
}

}  // namespace

ServerTls::ServerTls(TlsFiles files) : files_(std::move(files)) {
  watched_.emplace_back(files_.certificate_path);
  watched_.emplace_back(files_.key_path);
  if (!files_.client_ca_path.empty()) watched_.emplace_back(files_.client_ca_path);
}

base::Result<std::shared_ptr<ServerTls>> ServerTls::Open(TlsFiles files) {
  std::shared_ptr<ServerTls> tls(new ServerTls(std::move(files)));
  const base::MutexLock lock(tls->mutex_);
  tls->FilesChanged();
  TRY(tls->Load());
  return tls;
}

std::shared_ptr<ServerTls::Context> ServerTls::ContextOfNow() {
  const base::MutexLock lock(mutex_);
  if (CoarseNow() - looked_ >= kTlsReloadInterval && FilesChanged()) {
    const base::Status loaded = Load();
    if (loaded.ok()) {
      base::LogInfo("new connections use the certificate that is now in " +
                    files_.certificate_path);
    } else {
      base::LogError("the certificate stays as it was: " + loaded.error().message);
    }
  }
  return context_;
}

// A file that cannot be read counts as changed; Load says what is wrong with it.
bool ServerTls::FilesChanged() {
  looked_ = CoarseNow();
  bool changed = false;
  for (base::WatchedFile& file : watched_) changed = file.Changed().has_value() || changed;
  return changed;
}

base::Status ServerTls::Load() {
  auto context = std::make_shared<Context>(Context::tls_server);
  TRY(LoadInto(files_, *context));
  context_ = std::move(context);
  return {};
}

}  // namespace clew::net

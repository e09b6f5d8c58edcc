// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.h"

#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <charconv>
#include <optional>
#include <utility>

#include "net/http1_client.h"
#include "net/http2_client.h"
#include "net/shown_url.h"

namespace clew::net {

base::Result<Url> ParseUrl(std::string_view url) {
  const auto bad = [&](std::string_view why) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "'" + ShownUrl(url) + "' " + std::string(why)};
  };
  Url parsed;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    parsed.endpoint.tls = true;
    parsed.endpoint.port = 443;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return bad("is not a URL that starts with http:// or https://");
  }
  const size_t path_start = std::min(rest.find_first_of("/?#"), rest.size());
  std::string_view authority = rest.substr(0, path_start);
  std::string_view path = rest.substr(path_start);
  path = path.substr(0, path.find('#'));
  parsed.path = path.starts_with('/') ? std::string(path) : "/" + std::string(path);

  if (authority.find('@') != std::string_view::npos) return bad("must not hold credentials");
  std::string_view port;
  if (authority.starts_with('[')) {
    const size_t end = authority.find(']');
    if (end == std::string_view::npos) return bad("has an address without its ']'");
    parsed.endpoint.host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
  } else {
    const size_t colon = std::min(authority.find(':'), authority.size());
    parsed.endpoint.host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (parsed.endpoint.host.empty()) return bad("has no host");
  if (!port.empty()) {
    const auto [end, error] =
        std::from_chars(port.data() + 1, port.data() + port.size(), parsed.endpoint.port);
    if (port[0] != ':' || error != std::errc() || end != port.data() + port.size() ||
        parsed.endpoint.port == 0) {
      return bad("has a port that is not a number from 1 to 65535");
    }
  }
  return parsed;
}

struct HttpClient::Impl {
  Impl(EventLoop& event_loop, ClientOptions client_options)
      : loop(event_loop),
        options(std::move(client_options)),
        http1(std::make_shared<Http1ClientPool>(loop, options, &tls)),
        http2(loop, options, &tls) {
    SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
  }

  // The certificates are read when the first TLS connection needs them.
  base::Status PrepareTls() {
    if (tls_ready) return base::Status();
    boost::system::error_code error;
    if (options.ca_path.empty()) {
      tls.set_default_verify_paths(error);
    } else {
      tls.load_verify_file(options.ca_path, error);
    }
    if (error) {
      return base::Error{
          base::ErrorCode::kInvalidArgument,
          "cannot read the certificates of " +
              (options.ca_path.empty() ? std::string("the system") : options.ca_path) + ": " +
              error.message()};
    }
    if (!options.certificate_path.empty()) TRY(UseCertificate());
    tls_ready = true;
    return base::Status();
  }

  base::Status UseCertificate() {
    boost::system::error_code error;
    tls.use_certificate_chain_file(options.certificate_path, error);
    if (error) return CannotUse("certificate", options.certificate_path, error);
    tls.use_private_key_file(options.key_path, boost::asio::ssl::context::pem, error);
    if (error) return CannotUse("key", options.key_path, error);
    return base::Status();
  }

  static base::Error CannotUse(const std::string& what, const std::string& path,
                               const boost::system::error_code& error) {
    return {base::ErrorCode::kInvalidArgument,
            "cannot use the " + what + " " + path + ": " + error.message()};
  }

  using Opened = base::Result<std::unique_ptr<ClientExchange>>;

  Task<Opened> Open(const Endpoint& endpoint, Http1ClientRequest&& request) {
    if (endpoint.tls) {
      base::Status prepared = PrepareTls();
      if (!prepared.ok()) return Task<Opened>::Ready(std::move(prepared).error());
    }
    if (request.head.authority.empty()) {
      request.head.authority = endpoint.host;
      if (endpoint.port != (endpoint.tls ? 443 : 80)) {
        request.head.authority += ":" + std::to_string(endpoint.port);
      }
    }
    if (!endpoint.http2) return http1->Open(endpoint, std::move(request));
    return OpenHttp2(endpoint, std::move(request));
  }

  Task<Opened> OpenHttp2(Endpoint endpoint, Http1ClientRequest request) {
    request.head.scheme = endpoint.tls ? "https" : "http";
    const std::string_view body = request.whole_body;
    Opened exchange =
        co_await http2.Open(endpoint, std::move(request.head), request.has_body, request.deadline);
    if (!exchange.ok() || body.empty()) co_return exchange;
    base::Status sent = co_await exchange.value()->WriteBody(body);
    if (sent.ok()) sent = co_await exchange.value()->FinishBody();
    if (!sent.ok()) co_return std::move(sent).error();
    co_return exchange;
  }

  EventLoop& loop;
  ClientOptions options;
  boost::asio::ssl::context tls{boost::asio::ssl::context::tls_client};
  bool tls_ready = false;
  std::shared_ptr<Http1ClientPool> http1;
  Http2ClientPool http2;
};

HttpClient::HttpClient(EventLoop& loop, ClientOptions options)
    : impl_(std::make_unique<Impl>(loop, std::move(options))) {}
HttpClient::~HttpClient() = default;

Task<base::Result<std::unique_ptr<ClientExchange>>> HttpClient::Open(
    const Endpoint& endpoint, RequestHead head, bool has_body,
    std::chrono::steady_clock::time_point deadline) {
  return impl_->Open(endpoint, Http1ClientRequest{std::move(head), has_body, {}, deadline});
}

Task<base::Result<WholeResponse>> HttpClient::Fetch(const Endpoint& endpoint, RequestHead head,
                                                    std::string_view body,
                                                    std::chrono::steady_clock::time_point deadline,
                                                    size_t limit_bytes) {
  if (!body.empty() || head.method == "POST" || head.method == "PUT") {
    head.content_length = body.size();
  }
  // A named value: g++ 12 copies an aggregate made inside a co_await bit by bit.
  Http1ClientRequest request{std::move(head), !body.empty(), body, deadline};
  base::Result<std::unique_ptr<ClientExchange>> opened =
      co_await impl_->Open(endpoint, std::move(request));
  if (!opened.ok()) co_return std::move(opened).error();
  const std::unique_ptr<ClientExchange> exchange = std::move(opened).value();

  base::Result<ResponseHead> response = co_await exchange->ReadHead();
  if (!response.ok()) co_return std::move(response).error();
  WholeResponse whole{std::move(response).value(), {}, {}};
  while (true) {
    base::Result<std::string_view> piece = co_await exchange->ReadBody();
    if (!piece.ok()) co_return std::move(piece).error();
    if (piece.value().empty()) break;
    if (piece.value().size() > limit_bytes - whole.body.size()) {
      co_return base::Error{base::ErrorCode::kTooLarge, "response is larger than the limit of " +
                                                            std::to_string(limit_bytes) + " bytes"};
    }
    whole.body += piece.value();
  }
  whole.trailers = exchange->response_trailers();
  co_return std::move(whole);
}

}  // namespace clew::net

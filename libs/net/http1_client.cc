// SPDX-License-Identifier: Apache-2.0
#include "net/http1_client.h"

#include <array>
#include <utility>

#include "net/coarse_clock.h"
#include "net/http1_parser.h"
#include "net/http1_writer.h"
#include "net/limits.h"

namespace clew::net {

namespace {

// The request head as it goes out. Invalid fields are an error: they would
// let a value become a second request.
base::Status AppendRequestHead(const Http1ClientRequest& request, std::string& out) {
  const RequestHead& head = request.head;
  const auto splits = [](std::string_view text) {
    for (const char c : text) {
      if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return true;
    }
    return false;
  };
  if (head.method.empty() || splits(head.method) || splits(head.target) || splits(head.authority)) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "request line or host holds a blank or a control character"};
  }
  out.reserve(1024);
  out.append(head.method).append(" ").append(head.target.empty() ? "/" : head.target);
  out.append(" HTTP/1.1\r\n");
  AppendField(out, "Host", head.authority);
  if (const std::optional<Header> bad = head.headers.FindUnsafe()) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "request header '" + std::string(bad->name) + "' holds a line break"};
  }
  head.headers.AppendLines(out, [](std::string_view name) {
    return !IsFramingField(name) && !EqualsIgnoringCase(name, "host") &&
           !EqualsIgnoringCase(name, "te") && !EqualsIgnoringCase(name, "expect");
  });
  if (request.has_body && !head.content_length) {
    out += "Transfer-Encoding: chunked\r\n";
  } else if (head.content_length && (request.has_body || *head.content_length == 0)) {
    out += "Content-Length: ";
    AppendNumber(out, *head.content_length);
    out += "\r\n";
  }
  out += "\r\n";
  return base::Status();
}

// Whether to send it twice does no more than to send it once (RFC 9110 section 9.2.2),
// or its caller says so by handing over the whole body.
bool IsRepeatable(const Http1ClientRequest& request) {
  const std::string_view method = request.head.method;
  return !request.whole_body.empty() || (method != "POST" && method != "PATCH");
}

base::Error StaleConnection() {
  return {base::ErrorCode::kUnavailable, "upstream closed a connection that was idle"};
}

}  // namespace

class Http1ClientExchange final : public ClientExchange {
 public:
  using Opened = base::Result<std::unique_ptr<ClientExchange>>;

  Http1ClientExchange(std::shared_ptr<Http1ClientPool> pool, Http1ClientPool::Home& home,
                      Http1ClientRequest&& request)
      : pool_(std::move(pool)), home_(home), request_(std::move(request)) {}
  ~Http1ClientExchange() override { GiveBack(); }

  // Sends what can go now: all of a request whose body is known.
  static Task<Opened> Start(std::unique_ptr<Http1ClientExchange> exchange);

  Task<base::Status> WriteBody(std::string_view piece) override;
  Task<base::Status> FinishBody() override;
  Task<base::Result<ResponseHead>> ReadHead() override;
  Task<base::Result<std::string_view>> ReadBody() override;
  const Headers& response_trailers() const override {
    return const_cast<Http1BodyReader&>(body_).trailers();
  }
  std::string_view remote_address() const override {
    return connection_ ? connection_->transport.remote_address() : std::string_view();
  }

 private:
  bool streams_body() const { return request_.has_body && request_.whole_body.empty(); }
  std::string_view unread() const { return connection_->in.unread(); }
  Transport& transport() { return connection_->transport; }
  // The head, when it has not gone out yet, and what is known of the body.
  Task<base::Status> SendFirst();
  static Task<Opened> FinishStart(std::unique_ptr<Http1ClientExchange> exchange,
                                  Task<base::Status> sent);
  Task<base::Status> Connect();
  Task<base::Status> Send(std::string_view a, std::string_view b = {}, std::string_view c = {});
  Task<base::Result<bool>> Fill();
  // nullopt: more bytes are needed.
  base::Result<std::optional<Http1Response>> ParseHead();
  base::Result<std::optional<ResponseHead>> TakeHead();
  Task<base::Status> AwaitMoreOfHead();
  std::optional<base::Result<std::string_view>> TakeBody();
  Task<base::Result<std::string_view>> AwaitBody();
  void GiveBack();

  std::shared_ptr<Http1ClientPool> pool_;
  Http1ClientPool::Home& home_;
  Http1ClientRequest request_;
  Http1ClientPool::Connection connection_;  // null: given back
  bool may_retry_ = false;  // the connection was pooled and nothing of a response has come
  std::string out_;
  bool head_unsent_ = true;
  bool request_done_ = false;
  uint64_t left_to_write_ = 0;
  std::string chunk_size_;

  Http1HeadFinder finder_;
  int interim_ = 0;
  bool keep_alive_ = false;
  bool has_head_ = false;
  Http1BodyReader body_;
};

Task<Http1ClientExchange::Opened> Http1ClientExchange::Start(
    std::unique_ptr<Http1ClientExchange> exchange) {
  Http1ClientExchange& self = *exchange;
  base::Status appended = AppendRequestHead(self.request_, self.out_);
  if (!appended.ok()) return Task<Opened>::Ready(std::move(appended).error());
  self.left_to_write_ = self.request_.head.content_length.value_or(0);
  self.connection_ = Http1ClientPool::TakeIdle(self.home_);
  if (self.connection_ == nullptr) {
    Task<base::Status> connected = self.Connect();
    return FinishStart(std::move(exchange), std::move(connected));
  }
  self.may_retry_ = IsRepeatable(self.request_);
  self.transport().set_deadline(self.request_.deadline);
  Task<base::Status> sent = self.SendFirst();
  if (!sent.await_ready()) return FinishStart(std::move(exchange), std::move(sent));
  if (sent.await_resume().ok()) {
    return Task<Opened>::Ready(std::unique_ptr<ClientExchange>(std::move(exchange)));
  }
  if (!self.may_retry_) return Task<Opened>::Ready(StaleConnection());
  Task<base::Status> connected = self.Connect();
  return FinishStart(std::move(exchange), std::move(connected));
}

Task<Http1ClientExchange::Opened> Http1ClientExchange::FinishStart(
    std::unique_ptr<Http1ClientExchange> exchange, Task<base::Status> sent) {
  base::Status status = co_await sent;
  if (!status.ok() && exchange->may_retry_) status = co_await exchange->Connect();
  if (!status.ok()) co_return std::move(status).error();
  co_return std::unique_ptr<ClientExchange>(std::move(exchange));
}

Task<base::Status> Http1ClientExchange::SendFirst() {
  // The head of a streamed body waits for its first piece: one system call for both.
  if (streams_body()) return Task<base::Status>::Ready(base::Status());
  request_done_ = true;
  return Send(request_.whole_body);
}

// On a new connection, from the start.
Task<base::Status> Http1ClientExchange::Connect() {
  may_retry_ = false;
  base::Result<Http1ClientPool::Connection> connected =
      co_await pool_->ConnectTo(home_, request_.deadline);
  if (!connected.ok()) co_return std::move(connected).error();
  connection_ = std::move(connected).value();
  transport().set_deadline(request_.deadline);
  head_unsent_ = true;
  finder_.Reset();
  co_return co_await SendFirst();
}

Task<base::Status> Http1ClientExchange::Send(std::string_view a, std::string_view b,
                                             std::string_view c) {
  std::array<std::string_view, 4> pieces{{{}, a, b, c}};
  if (std::exchange(head_unsent_, false)) pieces[0] = out_;
  return transport().Write(pieces);
}

Task<base::Status> Http1ClientExchange::WriteBody(std::string_view piece) {
  const auto refuse = [](std::string_view why) {
    return Task<base::Status>::Ready(
        base::Error{base::ErrorCode::kInvalidArgument, std::string(why)});
  };
  if (request_done_) return refuse("request body is already finished");
  if (piece.empty()) return Task<base::Status>::Ready(base::Status());
  if (!request_.head.content_length) {
    chunk_size_.clear();
    AppendNumber(chunk_size_, piece.size(), 16);
    chunk_size_ += "\r\n";
    return Send(chunk_size_, piece, "\r\n");
  }
  if (piece.size() > left_to_write_) {
    return refuse("request body is longer than its content length");
  }
  left_to_write_ -= piece.size();
  return Send(piece);
}

Task<base::Status> Http1ClientExchange::FinishBody() {
  if (std::exchange(request_done_, true)) co_return base::Status();
  if (!request_.head.content_length) co_return co_await Send("0\r\n\r\n");
  if (left_to_write_ > 0) {
    transport().Close();
    co_return base::Error{base::ErrorCode::kInvalidArgument,
                          "request body is shorter than its content length"};
  }
  if (head_unsent_) co_return co_await Send(std::string_view());
  co_return base::Status();
}

Task<base::Result<bool>> Http1ClientExchange::Fill() {
  base::Result<size_t> bytes = co_await transport().ReadSome(connection_->in.Room(kMinReadBytes));
  if (!bytes.ok()) co_return std::move(bytes).error();
  connection_->in.Commit(bytes.value());
  co_return bytes.value() > 0;
}

base::Result<std::optional<Http1Response>> Http1ClientExchange::ParseHead() {
  const auto bad = [this](const Http1Error& error) {
    return base::Error{base::ErrorCode::kIo,
                       "response of " + std::string(connection_->transport.remote_address()) +
                           ": " + error.message};
  };
  switch (finder_.Find(unread())) {
    case Http1HeadFinder::Found::kNo:
      return std::optional<Http1Response>();
    case Http1HeadFinder::Found::kError:
      return bad(finder_.error());
    case Http1HeadFinder::Found::kYes:
      break;
  }
  Http1Response response;
  const std::string_view bytes =
      unread().substr(finder_.start(), finder_.length() - finder_.start());
  if (auto error = ParseResponseHead(bytes, request_.head.method == "HEAD", &response)) {
    return bad(*error);
  }
  connection_->in.Consume(finder_.length());
  finder_.Reset();
  return std::optional<Http1Response>(std::move(response));
}

Task<base::Result<ResponseHead>> Http1ClientExchange::ReadHead() {
  while (true) {
    base::Result<std::optional<ResponseHead>> head = TakeHead();
    if (!head.ok()) {
      transport().Close();
      co_return std::move(head).error();
    }
    if (head.value().has_value()) co_return *std::move(head).value();
    base::Status more = co_await AwaitMoreOfHead();
    if (!more.ok()) co_return std::move(more).error();
  }
}

// The final head, past interim ones. nullopt: more bytes are needed.
base::Result<std::optional<ResponseHead>> Http1ClientExchange::TakeHead() {
  while (true) {
    std::optional<Http1Response> response = TRY(ParseHead());
    if (!response) return std::optional<ResponseHead>();
    const int status = response->head.status;
    if (status == 101 || (status < 200 && ++interim_ > kMaxInterimResponses)) {
      return base::Error{base::ErrorCode::kIo, "upstream sent responses nobody asked for"};
    }
    if (status < 200) continue;
    keep_alive_ = response->keep_alive;
    body_ = Http1BodyReader(response->framing);
    has_head_ = true;
    return std::optional<ResponseHead>(std::move(response->head));
  }
}

// Also starts again on a new connection when the pooled one turns out stale.
Task<base::Status> Http1ClientExchange::AwaitMoreOfHead() {
  base::Result<bool> more = co_await Fill();
  if (more.ok() && more.value()) {
    may_retry_ = false;
    co_return base::Status();
  }
  const bool stale = more.ok() || more.error().code == base::ErrorCode::kIo;
  if (stale && may_retry_ && !streams_body()) co_return co_await Connect();
  if (!more.ok()) co_return std::move(more).error();
  co_return base::Error{
      base::ErrorCode::kUnavailable,
      std::string(remote_address()) + " closed the connection before its response was complete"};
}

Task<base::Result<std::string_view>> Http1ClientExchange::ReadBody() {
  if (body_.done()) {
    GiveBack();
    return Task<base::Result<std::string_view>>::Ready(std::string_view());
  }
  std::optional<base::Result<std::string_view>> at_hand = TakeBody();
  if (at_hand) return Task<base::Result<std::string_view>>::Ready(*std::move(at_hand));
  return AwaitBody();
}

// nullopt: more bytes are needed.
std::optional<base::Result<std::string_view>> Http1ClientExchange::TakeBody() {
  const Http1BodyReader::Step step = body_.Read(unread());
  connection_->in.Consume(step.consumed);
  if (body_.failed()) {
    transport().Close();
    return base::Error{base::ErrorCode::kIo, "response body: " + body_.error()};
  }
  if (step.data.empty() && !body_.done()) return std::nullopt;
  return step.data;
}

Task<base::Result<std::string_view>> Http1ClientExchange::AwaitBody() {
  while (true) {
    base::Result<bool> more = co_await Fill();
    if (!more.ok()) co_return std::move(more).error();
    if (more.value()) {
      std::optional<base::Result<std::string_view>> piece = TakeBody();
      if (piece) co_return *std::move(piece);
      continue;
    }
    transport().Close();
    if (body_.until_close()) {
      body_ = Http1BodyReader();
      co_return std::string_view();
    }
    co_return base::Error{base::ErrorCode::kIo,
                          "upstream closed the connection inside the response body"};
  }
}

// The connection goes back when both directions are done and nothing is left
// over. Until then a view of its buffer may be in use.
void Http1ClientExchange::GiveBack() {
  if (connection_ == nullptr || !has_head_ || !body_.done()) return;
  if (!keep_alive_ || !request_done_ || !unread().empty()) return;
  pool_->GiveBack(home_, std::move(connection_));
}

Http1ClientPool::Home& Http1ClientPool::HomeOf(const Endpoint& endpoint) {
  for (Home& home : homes_) {
    const Endpoint& known = home.endpoint;
    if (known.port == endpoint.port && known.tls == endpoint.tls && known.host == endpoint.host) {
      return home;
    }
  }
  return homes_.emplace_back(Home{endpoint, {}});
}

Http1ClientPool::Connection Http1ClientPool::TakeIdle(Home& home) {
  const auto now = CoarseNow();
  while (!home.idle.empty()) {
    Connection connection = std::move(home.idle.back());
    home.idle.pop_back();
    if (!connection->transport.is_open()) continue;
    // Used a moment ago: whether the peer has closed it is not worth a system call.
    if (now - connection->idle_since <= kTrustedIdleTime || connection->transport.quiet()) {
      return connection;
    }
  }
  return nullptr;
}

Task<base::Result<Http1ClientPool::Connection>> Http1ClientPool::ConnectTo(
    const Home& home, Transport::TimePoint deadline) {
  ConnectOptions connect{.host = home.endpoint.host,
                         .port = home.endpoint.port,
                         .tls = home.endpoint.tls ? tls_ : nullptr,
                         .alpn = "http/1.1",
                         .timeout = options_.connect_timeout};
  base::Result<Transport> connected = co_await Connect(loop_, std::move(connect), deadline);
  if (!connected.ok()) co_return std::move(connected).error();
  co_return std::make_unique<Http1ClientConnection>(std::move(connected).value());
}

void Http1ClientPool::GiveBack(Home& home, Connection connection) {
  if (!connection->transport.is_open()) return;
  if (home.idle.size() >= options_.max_idle_connections) {
    std::erase_if(home.idle, [](const Connection& old) { return !old->transport.is_open(); });
    if (home.idle.size() >= options_.max_idle_connections) return;
  }
  connection->in.clear();
  connection->idle_since = CoarseNow();
  connection->transport.set_deadline(connection->idle_since + options_.idle_timeout, true);
  home.idle.push_back(std::move(connection));
}

Task<base::Result<std::unique_ptr<ClientExchange>>> Http1ClientPool::Open(
    const Endpoint& endpoint, Http1ClientRequest&& request) {
  return Http1ClientExchange::Start(std::make_unique<Http1ClientExchange>(
      shared_from_this(), HomeOf(endpoint), std::move(request)));
}

}  // namespace clew::net

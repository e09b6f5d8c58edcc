// SPDX-License-Identifier: Apache-2.0
#include "net/http1_client.h"

#include <array>
#include <utility>

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
  out.append(head.method).append(" ").append(head.target.empty() ? "/" : head.target);
  out.append(" HTTP/1.1\r\n");
  AppendField(out, "Host", head.authority);
  for (const Header& field : head.headers) {
    if (!IsSafeField(field)) {
      return base::Error{base::ErrorCode::kInvalidArgument,
                         "request header '" + field.name + "' holds a line break"};
    }
    if (IsFramingField(field.name) || EqualsIgnoringCase(field.name, "host") ||
        EqualsIgnoringCase(field.name, "te") || EqualsIgnoringCase(field.name, "expect")) {
      continue;
    }
    AppendField(out, field.name, field.value);
  }
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

}  // namespace

class Http1ClientExchange final : public ClientExchange {
 public:
  Http1ClientExchange(std::shared_ptr<Http1ClientPool> pool, Endpoint endpoint,
                      Http1ClientRequest request, Http1ClientPool::Leased leased)
      : pool_(std::move(pool)),
        endpoint_(std::move(endpoint)),
        request_(std::move(request)),
        transport_(std::move(leased.transport)),
        remote_(transport_.remote_address()),
        may_retry_(leased.reused) {
    transport_.set_deadline(request_.deadline);
  }

  // Sends what can go now: all of a request whose body is known.
  Task<base::Status> Start();

  Task<base::Status> WriteBody(std::string_view piece) override;
  Task<base::Status> FinishBody() override;
  Task<base::Result<ResponseHead>> ReadHead() override;
  Task<base::Result<std::string_view>> ReadBody() override;
  const Headers& response_trailers() const override {
    return const_cast<Http1BodyReader&>(body_).trailers();
  }
  std::string_view remote_address() const override { return remote_; }

 private:
  bool streams_body() const { return request_.has_body && request_.whole_body.empty(); }
  std::string_view unread() const { return std::string_view(in_).substr(begin_); }
  Task<base::Status> Send(std::string_view a, std::string_view b = {}, std::string_view c = {});
  Task<base::Result<bool>> Fill();
  Task<base::Status> Restart();
  // nullopt: more bytes are needed.
  base::Result<std::optional<Http1Response>> ParseHead();
  void EndOfResponse();

  std::shared_ptr<Http1ClientPool> pool_;
  Endpoint endpoint_;
  Http1ClientRequest request_;
  Transport transport_;
  std::string remote_;
  bool may_retry_;  // the connection was pooled and nothing of a response has come
  std::string out_;
  bool head_unsent_ = true;
  bool request_done_ = false;
  bool returned_ = false;  // the connection is the pool's again
  uint64_t left_to_write_ = 0;

  std::string in_;
  size_t begin_ = 0;
  Http1HeadFinder finder_;
  int interim_ = 0;
  bool keep_alive_ = false;
  Http1BodyReader body_;
};

Task<base::Status> Http1ClientExchange::Start() {
  base::Status appended = AppendRequestHead(request_, out_);
  if (!appended.ok()) co_return appended;
  left_to_write_ = request_.head.content_length.value_or(0);
  // The head of a streamed body waits for its first piece: one system call for both.
  if (streams_body()) co_return base::Status();
  request_done_ = true;
  base::Status sent = co_await Send(request_.whole_body);
  if (!sent.ok() && may_retry_) co_return co_await Restart();
  co_return sent;
}

Task<base::Status> Http1ClientExchange::Restart() {
  may_retry_ = false;
  base::Result<Http1ClientPool::Leased> leased =
      co_await pool_->Lease(endpoint_, true, request_.deadline);
  if (!leased.ok()) co_return std::move(leased).error();
  transport_ = std::move(std::move(leased).value().transport);
  transport_.set_deadline(request_.deadline);
  head_unsent_ = true;
  in_.clear();
  begin_ = 0;
  finder_.Reset();
  co_return co_await Send(request_.whole_body);
}

Task<base::Status> Http1ClientExchange::Send(std::string_view a, std::string_view b,
                                             std::string_view c) {
  std::array<std::string_view, 4> pieces{{{}, a, b, c}};
  if (std::exchange(head_unsent_, false)) pieces[0] = out_;
  co_return co_await transport_.Write(pieces);
}

Task<base::Status> Http1ClientExchange::WriteBody(std::string_view piece) {
  if (request_done_) {
    co_return base::Error{base::ErrorCode::kInvalidArgument, "request body is already finished"};
  }
  if (piece.empty()) co_return base::Status();
  if (!request_.head.content_length) {
    std::string size;
    AppendNumber(size, piece.size(), 16);
    size += "\r\n";
    co_return co_await Send(size, piece, "\r\n");
  }
  if (piece.size() > left_to_write_) {
    co_return base::Error{base::ErrorCode::kInvalidArgument,
                          "request body is longer than its content length"};
  }
  left_to_write_ -= piece.size();
  co_return co_await Send(piece);
}

Task<base::Status> Http1ClientExchange::FinishBody() {
  if (std::exchange(request_done_, true)) co_return base::Status();
  if (!request_.head.content_length) co_return co_await Send("0\r\n\r\n");
  if (left_to_write_ > 0) {
    transport_.Close();
    co_return base::Error{base::ErrorCode::kInvalidArgument,
                          "request body is shorter than its content length"};
  }
  if (head_unsent_) co_return co_await Send({});
  co_return base::Status();
}

Task<base::Result<bool>> Http1ClientExchange::Fill() {
  if (begin_ > 0) {
    in_.erase(0, begin_);
    begin_ = 0;
  }
  const size_t kept = in_.size();
  in_.resize(kept + kReadBufferBytes);
  base::Result<size_t> bytes = co_await transport_.ReadSome({in_.data() + kept, kReadBufferBytes});
  in_.resize(kept + (bytes.ok() ? bytes.value() : 0));
  if (!bytes.ok()) co_return std::move(bytes).error();
  co_return bytes.value() > 0;
}

base::Result<std::optional<Http1Response>> Http1ClientExchange::ParseHead() {
  const auto bad = [this](const Http1Error& error) {
    return base::Error{
        base::ErrorCode::kIo,
        "response of " + std::string(transport_.remote_address()) + ": " + error.message};
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
  begin_ += finder_.length();
  finder_.Reset();
  return std::optional<Http1Response>(std::move(response));
}

Task<base::Result<ResponseHead>> Http1ClientExchange::ReadHead() {
  while (true) {
    base::Result<std::optional<Http1Response>> parsed = ParseHead();
    if (!parsed.ok()) {
      transport_.Close();
      co_return std::move(parsed).error();
    }
    if (parsed.value().has_value()) {
      Http1Response response = *std::move(parsed).value();
      if (response.head.status == 101 ||
          (response.head.status < 200 && ++interim_ > kMaxInterimResponses)) {
        transport_.Close();
        co_return base::Error{base::ErrorCode::kIo, "upstream sent responses nobody asked for"};
      }
      if (response.head.status < 200) continue;
      keep_alive_ = response.keep_alive;
      body_ = Http1BodyReader(response.framing);
      if (body_.done()) EndOfResponse();
      co_return std::move(response.head);
    }
    base::Result<bool> more = co_await Fill();
    if (more.ok() && more.value()) {
      may_retry_ = false;
      continue;
    }
    const bool stale = more.ok() || more.error().code == base::ErrorCode::kIo;
    if (stale && may_retry_ && !streams_body()) {
      base::Status restarted = co_await Restart();
      if (!restarted.ok()) co_return std::move(restarted).error();
      continue;
    }
    if (!more.ok()) co_return std::move(more).error();
    co_return base::Error{base::ErrorCode::kUnavailable,
                          std::string(transport_.remote_address()) +
                              " closed the connection before its response was complete"};
  }
}

Task<base::Result<std::string_view>> Http1ClientExchange::ReadBody() {
  while (true) {
    if (body_.done()) co_return std::string_view();
    const Http1BodyReader::Step step = body_.Read(unread());
    begin_ += step.consumed;
    if (body_.failed()) {
      transport_.Close();
      co_return base::Error{base::ErrorCode::kIo, "response body: " + body_.error()};
    }
    if (body_.done()) EndOfResponse();
    if (!step.data.empty()) co_return step.data;
    if (body_.done()) co_return std::string_view();
    base::Result<bool> more = co_await Fill();
    if (!more.ok()) co_return std::move(more).error();
    if (more.value()) continue;
    transport_.Close();
    if (body_.until_close()) {
      body_ = Http1BodyReader();
      co_return std::string_view();
    }
    co_return base::Error{base::ErrorCode::kIo,
                          "upstream closed the connection inside the response body"};
  }
}

// The connection goes back when both directions are done and nothing is left over.
void Http1ClientExchange::EndOfResponse() {
  if (!keep_alive_ || !request_done_ || !unread().empty() || returned_) return;
  returned_ = true;
  pool_->GiveBack(endpoint_, std::move(transport_));
}

Task<base::Result<Http1ClientPool::Leased>> Http1ClientPool::Lease(const Endpoint& endpoint,
                                                                   bool fresh,
                                                                   Transport::TimePoint deadline) {
  const auto found = idle_.find(Key(endpoint.host, endpoint.port, endpoint.tls));
  while (!fresh && found != idle_.end() && !found->second.empty()) {
    Transport transport = std::move(found->second.back());
    found->second.pop_back();
    if (transport.quiet()) {
      Leased leased{std::move(transport), true};
      co_return std::move(leased);
    }
  }
  ConnectOptions connect{.host = endpoint.host,
                         .port = endpoint.port,
                         .tls = endpoint.tls ? tls_ : nullptr,
                         .alpn = "http/1.1",
                         .timeout = options_.connect_timeout};
  base::Result<Transport> connected = co_await Connect(loop_, std::move(connect), deadline);
  if (!connected.ok()) co_return std::move(connected).error();
  Leased leased{std::move(connected).value(), false};
  co_return std::move(leased);
}

void Http1ClientPool::GiveBack(const Endpoint& endpoint, Transport transport) {
  std::vector<Transport>& idle = idle_[Key(endpoint.host, endpoint.port, endpoint.tls)];
  std::erase_if(idle, [](const Transport& old) { return !old.is_open(); });
  if (idle.size() >= options_.max_idle_connections) return;
  transport.set_deadline(std::chrono::steady_clock::now() + options_.idle_timeout, true);
  idle.push_back(std::move(transport));
}

Task<base::Result<std::unique_ptr<ClientExchange>>> Http1ClientPool::Open(
    Endpoint endpoint, Http1ClientRequest request) {
  base::Result<Leased> leased = co_await Lease(endpoint, false, request.deadline);
  if (!leased.ok()) co_return std::move(leased).error();
  auto exchange = std::make_unique<Http1ClientExchange>(
      shared_from_this(), std::move(endpoint), std::move(request), std::move(leased).value());
  base::Status started = co_await exchange->Start();
  if (!started.ok()) co_return std::move(started).error();
  co_return std::unique_ptr<ClientExchange>(std::move(exchange));
}

}  // namespace clew::net

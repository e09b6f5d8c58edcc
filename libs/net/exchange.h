// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "net/client_certificate.h"
#include "net/event_loop.h"
#include "net/http.h"
#include "net/task.h"

namespace clew::net {

// One request and its response as a handler sees them, whatever the protocol.
// Lives on its loop's thread; valid until the handler's task ends.
class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual const RequestHead& request() const = 0;
  virtual EventLoop& loop() = 0;
  virtual std::string_view remote_address() const = 0;  // "127.0.0.1:51234"
  virtual bool is_tls() const = 0;
  // What the client has shown, where the server asks for it; null otherwise.
  virtual const ClientCertificate* client_certificate() const = 0;

  // Whose request it is, as a handler in front has found out; empty when none has.
  const std::string& tenant() const { return tenant_; }
  void set_tenant(std::string tenant) { tenant_ = std::move(tenant); }

  // The next piece of the request body; empty at its end. The view holds until
  // the next call. kDeadlineExceeded, kTooLarge, kCancelled or kIo.
  virtual Task<base::Result<std::string_view>> ReadBody() = 0;
  // Complete once ReadBody has returned empty.
  virtual const Headers& request_trailers() const = 0;

  // WriteHead once, WriteBody any number of times, Finish once. WriteBody
  // returns when the piece has been handed on, so a slow client slows the writer.
  virtual Task<base::Status> WriteHead(ResponseHead head) = 0;
  virtual Task<base::Status> WriteBody(std::string_view piece) = 0;
  virtual Task<base::Status> Finish(Headers trailers = {}) = 0;
  // A whole response at once; the common case, and one system call on HTTP/1.1.
  virtual Task<base::Status> Reply(ResponseHead head, std::string_view body) = 0;

  // True once the client has gone away or the deadline has passed.
  virtual bool cancelled() const = 0;

 private:
  std::string tenant_;
};

// The whole request body, or kTooLarge past `limit_bytes` (the reader stops there).
Task<base::Result<std::string>> ReadWholeBody(Exchange& exchange, size_t limit_bytes);

// Replies with one body of that content type.
Task<base::Status> ReplyText(Exchange& exchange, int status, std::string_view content_type,
                             std::string_view body);

// Serves requests. Called on many loops at once: a handler's own state is
// immutable or guarded.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual Task<void> Handle(Exchange& exchange) = 0;
};

}  // namespace clew::net

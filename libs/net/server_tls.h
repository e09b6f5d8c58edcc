// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "base/watched_file.h"
#include "net/server.h"

namespace clew::net {

// The certificate that a server shows, and whose certificates it asks of clients. The files are
// read again when they change: connections from then on use what is in them. What cannot be used
// is logged, and what was there before stays. Thread-safe.
class ServerTls {
 public:
  using Context = boost::asio::ssl::context;

  // kInvalidArgument names the file that cannot be used.
  static base::Result<std::shared_ptr<ServerTls>> Open(TlsFiles files);

  // For one connection, which holds it.
  std::shared_ptr<Context> ContextOfNow();

 private:
  explicit ServerTls(TlsFiles files);
  bool FilesChanged() REQUIRES_LOCK(mutex_);
  base::Status Load() REQUIRES_LOCK(mutex_);

  const TlsFiles files_;
  base::Mutex mutex_;
  std::vector<base::WatchedFile> watched_ GUARDED_BY(mutex_);
  std::shared_ptr<Context> context_ GUARDED_BY(mutex_);
  std::chrono::steady_clock::time_point looked_ GUARDED_BY(mutex_);
};

}  // namespace clew::net

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/watched_file.h"
#include "ingest/ingestor.h"
#include "net/event_loop.h"
#include "serve/queries.h"
#include "server_config.h"
#include "store/trace_store.h"

namespace clew {

// The settings that may change while a server runs, and those of single tenants besides.
std::span<const std::string_view> LiveSettings();

// Follows the configuration file of a server: limits that have changed there count at once, what
// wants a restart is said in the log, and while the file is wrong all stays as it is. Used by the
// thread of one loop.
class LimitsReload {
 public:
  // Whose limits they are. All outlive the loop's run.
  struct Parts {
    ingest::Ingestor& ingestor;
    store::TraceStore& store;
    serve::Queries& queries;
  };
  LimitsReload(ServerConfig running, const Parts& parts)
      : started_(std::move(running)),
        running_(started_),
        parts_(parts),
        file_(started_.sources.file) {}

  // Blocks SIGHUP in this thread and in those it starts, so that Watch hears of it.
  static void ExpectSignal();
  // Looks at the file of a running server now and then, and when a SIGHUP comes, for as long as the
  // loop runs.
  static void Watch(const ServerConfig& running, const Parts& parts, net::EventLoop& loop);

  void ReadIfChanged();

 private:
  void Take(ServerConfig config);
  base::Status Apply(const ServerOptions& options);

  const ServerConfig started_;
  ServerConfig running_;
  const Parts parts_;
  base::WatchedFile file_;
};

}  // namespace clew

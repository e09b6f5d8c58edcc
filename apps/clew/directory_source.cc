// SPDX-License-Identifier: Apache-2.0
// A server that uses the directory goes on while it is looked at: it flushes what is in its log,
// and merges and drops blocks. So the catalog is read first, then of the log what the catalog has
// not, and when a block is gone or more of the log was flushed by the end, all of it again.
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/check.h"
#include "base/storage.h"
#include "ingest/ingestor.h"
#include "query/run_notes.h"
#include "query_source.h"
#include "serve/explain_api.h"
#include "serve/ledger_api.h"
#include "serve/ledger_set_api.h"
#include "serve/queries.h"
#include "serve/query_limits.h"
#include "serve/tempo_metrics.h"
#include "serve/tempo_search.h"
#include "store/block.h"
#include "store/page_cache.h"
#include "store/unflushed_spans.h"
#include "stored_blocks.h"

namespace clew {
namespace {

constexpr uint64_t kCacheBytes = uint64_t{128} << 20;
constexpr int kMostAttempts = 8;

using Function = base::Result<serve::ApiReply> (*)(const serve::ApiRequest&, serve::QueryRun&);

Function FunctionOf(std::string_view path) {
  struct Route {
    std::string_view path;
    Function function;
  };
  static constexpr std::array<Route, 5> kRoutes = {
      {{"/api/search", serve::Search},
       {"/api/metrics/query_range", serve::MetricsRange},
       {"/api/clew/v1/explain", serve::Explain},
       {"/api/clew/v1/ledger", serve::LedgerOfSet},
       {"/api/clew/v1/trace/{id}/ledger", serve::LedgerOfTrace}}};
  const auto* const route = std::ranges::find(kRoutes, path, &Route::path);
  CHECK(route != kRoutes.end());
  return route->function;
}

class DirectorySource final : public QuerySource {
 public:
  DirectorySource(std::string directory, std::string tenant)
      : directory_(std::move(directory)),
        tenant_(tenant.empty() ? std::string(ingest::kSingleTenant) : std::move(tenant)) {}

  base::Result<QueryReply> Ask(const QueryCall& call) override {
    for (int attempt = 1;; ++attempt) {
      const bool last = attempt == kMostAttempts;
      std::optional<QueryReply> reply = TRY(Attempt(call, last));
      if (reply) return std::move(*reply);
    }
  }

 private:
  // nullopt when the directory changed meanwhile in a way that matters; the `last` time the answer
  // then says that it may lack something.
  base::Result<std::optional<QueryReply>> Attempt(const QueryCall& call, bool last) {
    const StoredBlocks stored = TRY(StoredBlocks::Open(directory_));
    auto unflushed =
        store::ReadUnflushed(base::Storage::Local(), directory_, stored.state(), tenant_);
    QueryReply answer;
    base::Status answered;
    if (unflushed.ok()) {
      const serve::ApiRequest request{
          .path_argument = call.argument, .parameters = call.parameters, .accept = call.accept};
      serve::QueryRun run(SourcesOf(stored, unflushed.value().memtable),
                          serve::QueryLimits().memory_bytes, &threads_);
      base::Result<serve::ApiReply> reply = FunctionOf(call.path)(request, run);
      if (reply.ok() && reply.value().status == 404) {
        answered = NothingFound(call);
      } else if (reply.ok()) {
        answer = {.body = std::move(reply.value().body), .partial = Joined(run.notes)};
      } else {
        answered = std::move(reply).error();
      }
    }
    const bool changed = TRY(HasChanged(stored, unflushed));
    if (changed && !last) return std::optional<QueryReply>();
    TRY(unflushed);
    TRY(std::move(answered));
    if (changed) {
      answer.partial.append(answer.partial.empty() ? "" : "; ")
          .append("the directory changed every time it was read");
    }
    return std::optional(std::move(answer));
  }

  store::Sources SourcesOf(const StoredBlocks& stored,
                           const std::shared_ptr<const store::Memtable>& memtable) {
    store::Sources sources;
    if (memtable->published_rows() > 0) sources.memtables.push_back(memtable);
    for (const store::CatalogBlock* block : stored.OfTenant(tenant_)) {
      sources.blocks.push_back(
          std::make_shared<store::Block>(stored.objects(), store::DescriptionOf(*block), &cache_));
    }
    return sources;
  }

  base::Result<bool> HasChanged(const StoredBlocks& before,
                                const base::Result<store::UnflushedSpans>& unflushed) const {
    const StoredBlocks after = TRY(StoredBlocks::Open(directory_));
    const auto& blocks = after.state().blocks();
    const bool gone = std::ranges::any_of(
        before.OfTenant(tenant_),
        [&](const store::CatalogBlock* block) { return !blocks.contains(block->id); });
    if (gone || !unflushed.ok()) return gone;
    const uint64_t node = unflushed.value().node;
    return after.state().FlushedLsn(node, tenant_) != before.state().FlushedLsn(node, tenant_);
  }

  static std::string Joined(const query::RunNotes& notes) {
    std::string text;
    for (const std::string& reason : notes.reasons()) {
      text.append(text.empty() ? "" : "; ").append(reason);
    }
    return text;
  }

  const std::string directory_, tenant_;
  store::PageCache cache_{kCacheBytes};
  query::ScanThreads threads_{serve::QueryLimits().threads - 1};
};

}  // namespace

std::unique_ptr<QuerySource> MakeDirectorySource(std::string directory, std::string tenant) {
  return std::make_unique<DirectorySource>(std::move(directory), std::move(tenant));
}

}  // namespace clew

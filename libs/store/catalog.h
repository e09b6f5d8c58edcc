// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "objects/object_store.h"
#include "store/catalog_state.h"

namespace clew::store {

// Which blocks there are: a chain of numbered objects, catalog/0/<20 digits>, each made
// with PutIfAbsent, so that of several writers one is next and the others read what it
// wrote and look again whether theirs still holds. That is the whole coordination, on
// one machine and on many. When the entries since the last snapshot are larger than
// it, the state is written as one, <20 digits>.snapshot, and what the snapshot before
// it made superfluous is deleted. States only go forward. Thread-safe.
class Catalog {
 public:
  struct Options {
    uint64_t node = 0;
    uint64_t epoch = 0;
    uint64_t snapshot_bytes = 64 << 10;  // none before the entries are that large
  };
  // Reads the chain. kCorruption names an object that is damaged or missing; kUnsupported a newer
  // format.
  // `objects` and `clock` outlive it.
  static base::Result<std::unique_ptr<Catalog>> Open(objects::ObjectStore& objects,
                                                     base::Clock& clock, Options options);

  // The state as far as it has been read.
  std::shared_ptr<const CatalogState> state() const;
  // The same after reading what others wrote meanwhile.
  base::Result<std::shared_ptr<const CatalogState>> Refresh();

  // Fills in nonce, node, epoch and time, and makes the entry the next of the chain.
  // kInvalidArgument when the state does not take it (see CatalogState::Check): nothing
  // happened. Any other error: nothing happened, as far as could be found out.
  base::Status Commit(CatalogEntry entry);

 private:
  Catalog(objects::ObjectStore& objects, base::Clock& clock, Options options)
      : objects_(objects), clock_(clock), options_(options) {}

  // The chain as far as it has been read.
  struct Chain {
    std::shared_ptr<const CatalogState> state = std::make_shared<const CatalogState>();
    uint64_t next = 1;            // number of the next entry
    uint64_t snapshot = 0;        // the newest there is
    uint64_t snapshot_bytes = 0;  // its size
    uint64_t tail_bytes = 0;      // of the entries behind it
    uint64_t missing = 0;         // an entry that is not there although later ones are; 0: none
  };

  base::Status Load() REQUIRES_LOCK(mutex_);
  base::Result<bool> LoadOnce(Chain& chain);
  base::Result<bool> StartsAt(uint64_t snapshot);
  base::Status ReadEntries(Chain& chain);
  base::Status ReadOn() REQUIRES_LOCK(mutex_);
  base::Result<bool> IsWhole(const Chain& chain);
  struct Tries;
  base::Result<bool> MakeEntry(uint64_t number, CatalogEntry& entry, Tries& tries);
  base::Result<bool> Append(CatalogEntry& entry) REQUIRES_LOCK(mutex_);
  void Extend(const CatalogEntry& entry, uint64_t bytes) REQUIRES_LOCK(mutex_);
  void WriteSnapshot() REQUIRES_LOCK(mutex_);
  void DeleteUpTo(uint64_t number);

  objects::ObjectStore& objects_;
  base::Clock& clock_;
  const Options options_;

  mutable base::Mutex mutex_;
  Chain chain_ GUARDED_BY(mutex_);
};

}  // namespace clew::store

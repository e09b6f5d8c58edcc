// SPDX-License-Identifier: Apache-2.0
// Every file and directory is kept twice: as a running program sees it, and as it is
// on disk. What lies between the two is a list of changes, in the order they were
// made:
//
//            now              pending                    durable
//   file     "abcdef"         write 3 "def"              "abc"
//   folder   {b: file 7}      {a: -}, {b: file 7}        {a: file 7}
//
// Sync applies the list to what is durable. A power cut keeps what is durable, and of
// the list any part or none: disks reorder what no sync has ordered, and a write is
// whole only within a sector. The names that a rename changes are one change, because
// file systems promise that.
#include "base/memory_storage.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <random>
#include <utility>

namespace clew::base {
namespace {

constexpr uint64_t kSectorBytes = 512;

using Random = std::mt19937_64;

// A change of a file: bytes that are written, or a new size.
struct Change {
  uint64_t offset = 0;
  std::string bytes{};
  std::optional<uint64_t> size{};
};

void Apply(const Change& change, std::string& content) {
  if (change.size) content.resize(*change.size);
  if (change.bytes.empty()) return;
  const uint64_t end = change.offset + change.bytes.size();
  if (content.size() < end) content.resize(end);
  content.replace(change.offset, change.bytes.size(), change.bytes);
}

// Some sectors of a write, or all or nothing of a new size.
void ApplySome(const Change& change, Random& random, std::string& content) {
  if (change.size && random() % 2 == 0) Apply({.size = change.size}, content);
  for (uint64_t from = 0; from < change.bytes.size();) {
    const uint64_t sector_end = ((change.offset + from) / kSectorBytes + 1) * kSectorBytes;
    const uint64_t to = std::min<uint64_t>(sector_end - change.offset, change.bytes.size());
    if (random() % 2 == 0) {
      Apply({.offset = change.offset + from, .bytes = change.bytes.substr(from, to - from)},
            content);
    }
    from = to;
  }
}

std::vector<std::string> PartsOf(const std::string& path) {
  std::vector<std::string> parts;
  for (size_t from = 0; from < path.size();) {
    const size_t end = std::min(path.find('/', from), path.size());
    const std::string part = path.substr(from, end - from);
    if (!part.empty() && part != ".") parts.push_back(part);
    from = end + 1;
  }
  return parts;
}

Error Refusal(const char* what, const std::string& path, const char* why) {
  return {ErrorCode::kIo, std::string(what) + " " + path + ": " + why};
}

}  // namespace

struct MemoryStorage::Node {
  using Entries = std::map<std::string, std::shared_ptr<Node>>;
  // Names that change together; a null node: the name goes.
  using Names = std::vector<std::pair<std::string, std::shared_ptr<Node>>>;

  explicit Node(bool directory) : is_directory(directory) {}

  void Set(const Names& names) {
    SetIn(entries, names);
    pending_names.push_back(names);
  }
  static void SetIn(Entries& entries, const Names& names) {
    for (const auto& [name, node] : names) {
      if (node == nullptr) {
        entries.erase(name);
      } else {
        entries[name] = node;
      }
    }
  }
  void SyncNames() {
    for (const Names& names : pending_names) SetIn(durable_entries, names);
    pending_names.clear();
  }

  void Make(Change change) {
    Apply(change, content);
    pending.push_back(std::move(change));
  }
  void SyncContent() {
    for (const Change& change : pending) Apply(change, durable_content);
    pending.clear();
  }

  const bool is_directory;
  bool locked = false;
  std::string content, durable_content;
  std::vector<Change> pending;
  Entries entries, durable_entries;
  std::vector<Names> pending_names;
};

// Copies what a power cut leaves; files with several names stay one file.
class MemoryStorage::PowerCut {
 public:
  explicit PowerCut(std::optional<uint64_t> seed) {
    if (seed) random_.emplace(*seed);
  }

  std::shared_ptr<Node> Leave(const Node& node) {
    std::shared_ptr<Node>& left = left_[&node];
    if (left != nullptr) return left;
    left = std::make_shared<Node>(node.is_directory);
    const std::shared_ptr<Node> result = left;  // `left_` grows below
    result->content = node.durable_content;
    for (const Change& change : node.pending) {
      if (random_) ApplySome(change, *random_, result->content);
    }
    result->durable_content = result->content;
    Node::Entries entries = node.durable_entries;
    for (const Node::Names& names : node.pending_names) {
      if (random_ && (*random_)() % 2 == 0) Node::SetIn(entries, names);
    }
    for (const auto& [name, entry] : entries) result->entries[name] = Leave(*entry);
    result->durable_entries = result->entries;
    return result;
  }

 private:
  std::optional<Random> random_;
  std::map<const Node*, std::shared_ptr<Node>> left_;
};

class MemoryStorage::OpenFile final : public File {
 public:
  OpenFile(MemoryStorage& storage, std::string path, std::shared_ptr<Node> node, Mode mode)
      : storage_(storage), path_(std::move(path)), node_(std::move(node)), mode_(mode) {}
  ~OpenFile() override {
    const MutexLock lock(storage_.mutex_);
    if (holds_lock) node_->locked = false;
  }

  Status Write(uint64_t offset, std::string_view bytes) override {
    return Make("cannot write", {.offset = offset, .bytes = std::string(bytes)});
  }
  Result<std::string> Read(uint64_t offset, size_t size) override {
    const MutexLock lock(storage_.mutex_);
    if (offset >= node_->content.size()) return std::string();
    return node_->content.substr(offset, size);
  }
  Status Sync() override {
    const MutexLock lock(storage_.mutex_);
    node_->SyncContent();
    return {};
  }
  Status Truncate(uint64_t size) override { return Make("cannot truncate", {.size = size}); }
  Status Allocate(uint64_t size) override {
    const uint64_t now = TRY(Size());
    return Make("cannot allocate", {.size = std::max(now, size)});
  }
  Result<uint64_t> Size() override {
    const MutexLock lock(storage_.mutex_);
    return uint64_t{node_->content.size()};
  }

  bool holds_lock = false;

 private:
  Status Make(const char* what, Change change) {
    if (mode_ == Mode::kRead) return Refusal(what, path_, "it is open for reading");
    const MutexLock lock(storage_.mutex_);
    node_->Make(std::move(change));
    return {};
  }

  MemoryStorage& storage_;
  const std::string path_;
  const std::shared_ptr<Node> node_;
  const Mode mode_;
};

MemoryStorage::MemoryStorage() : root_(std::make_shared<Node>(true)) {}
MemoryStorage::~MemoryStorage() = default;

std::shared_ptr<MemoryStorage::Node> MemoryStorage::Find(const std::string& path) const {
  std::shared_ptr<Node> node = root_;
  for (const std::string& part : PartsOf(path)) {
    const auto next = node->entries.find(part);
    if (next == node->entries.end()) return nullptr;
    node = next->second;
  }
  return node;
}

Result<MemoryStorage::Place> MemoryStorage::FindPlace(const std::string& path) const {
  const std::vector<std::string> parts = PartsOf(path);
  if (parts.empty()) return Refusal("cannot change", path, "it is the root");
  Place place{.directory = root_, .name = parts.back(), .node = nullptr};
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    const auto next = place.directory->entries.find(parts[i]);
    if (next == place.directory->entries.end() || !next->second->is_directory) {
      return Refusal("cannot reach", path, "No such file or directory");
    }
    place.directory = next->second;
  }
  const auto found = place.directory->entries.find(place.name);
  if (found != place.directory->entries.end()) place.node = found->second;
  return place;
}

Result<std::unique_ptr<File>> MemoryStorage::Open(const std::string& path, Mode mode) {
  const MutexLock lock(mutex_);
  Place place = TRY(FindPlace(path));
  if (mode == Mode::kCreate) {
    if (place.node != nullptr) return Refusal("cannot open", path, "File exists");
    place.node = std::make_shared<Node>(false);
    place.directory->Set({{place.name, place.node}});
  }
  if (place.node == nullptr) return Refusal("cannot open", path, "No such file or directory");
  if (place.node->is_directory) return Refusal("cannot open", path, "Is a directory");
  return std::unique_ptr<File>(std::make_unique<OpenFile>(*this, path, place.node, mode));
}

Status MemoryStorage::MakeDirectories(const std::string& path) {
  const MutexLock lock(mutex_);
  std::shared_ptr<Node> node = root_;
  for (const std::string& part : PartsOf(path)) {
    const auto found = node->entries.find(part);
    std::shared_ptr<Node> next = found == node->entries.end() ? nullptr : found->second;
    if (next == nullptr) {
      next = std::make_shared<Node>(true);
      node->Set({{part, next}});
    }
    if (!next->is_directory) {
      return Refusal("cannot make the directory", path, "Not a directory");
    }
    node = std::move(next);
  }
  return {};
}

Result<std::vector<DirectoryEntry>> MemoryStorage::List(const std::string& directory) {
  const MutexLock lock(mutex_);
  const std::shared_ptr<Node> node = Find(directory);
  if (node == nullptr || !node->is_directory) {
    return Refusal("cannot list", directory, "No such file or directory");
  }
  std::vector<DirectoryEntry> entries;
  for (const auto& [name, entry] : node->entries) entries.push_back({name, entry->is_directory});
  return entries;
}

Status MemoryStorage::Remove(const std::string& path) {
  const MutexLock lock(mutex_);
  const Place place = TRY(FindPlace(path));
  if (place.node == nullptr) return Refusal("cannot remove", path, "No such file or directory");
  if (!place.node->entries.empty()) return Refusal("cannot remove", path, "Directory not empty");
  place.directory->Set({{place.name, nullptr}});
  return {};
}

Status MemoryStorage::Rename(const std::string& from, const std::string& to) {
  const MutexLock lock(mutex_);
  const Place source = TRY(FindPlace(from));
  const Place target = TRY(FindPlace(to));
  if (source.node == nullptr) return Refusal("cannot rename", from, "No such file or directory");
  if (source.node == target.node) return {};
  if (source.directory == target.directory) {
    source.directory->Set({{source.name, nullptr}, {target.name, source.node}});
  } else {
    target.directory->Set({{target.name, source.node}});
    source.directory->Set({{source.name, nullptr}});
  }
  return {};
}

Result<bool> MemoryStorage::LinkIfAbsent(const std::string& from, const std::string& to) {
  const MutexLock lock(mutex_);
  const std::shared_ptr<Node> node = Find(from);
  const Place target = TRY(FindPlace(to));
  if (node == nullptr) return Refusal("cannot link", from, "No such file or directory");
  if (target.node != nullptr) return false;
  target.directory->Set({{target.name, node}});
  return true;
}

Status MemoryStorage::SyncDirectory(const std::string& path) {
  const MutexLock lock(mutex_);
  const std::shared_ptr<Node> node = Find(path);
  if (node == nullptr || !node->is_directory) {
    return Refusal("cannot sync", path, "No such file or directory");
  }
  node->SyncNames();
  return {};
}

bool MemoryStorage::Exists(const std::string& path) {
  const MutexLock lock(mutex_);
  return Find(path) != nullptr;
}

Result<std::unique_ptr<File>> MemoryStorage::Lock(const std::string& path) {
  const MutexLock lock(mutex_);
  Place place = TRY(FindPlace(path));
  if (place.node == nullptr) {
    place.node = std::make_shared<Node>(false);
    place.directory->Set({{place.name, place.node}});
  }
  if (place.node->locked) {
    return Error{ErrorCode::kUnavailable,
                 path + " is locked by the process " + place.node->content.substr(0, 32)};
  }
  place.node->locked = true;
  place.node->Make({.bytes = std::to_string(getpid()), .size = 0});
  auto file = std::make_unique<OpenFile>(*this, path, place.node, Mode::kReadWrite);
  file->holds_lock = true;
  return std::unique_ptr<File>(std::move(file));
}

namespace {

// Depth first; `visit` gets each file's path, and each empty directory's with a '/'.
template <typename Node, typename Visit>
void Walk(const Node& directory, const std::string& path, const Visit& visit) {
  for (const auto& [name, node] : directory.entries) {
    std::string below = path;
    below.append(path.empty() ? "" : "/").append(name);
    if (node->is_directory && !node->entries.empty()) {
      Walk(*node, below, visit);
    } else {
      visit(below + (node->is_directory ? "/" : ""));
    }
  }
}

}  // namespace

std::vector<std::string> MemoryStorage::Paths() const {
  const MutexLock lock(mutex_);
  std::vector<std::string> paths;
  Walk(*root_, "", [&](std::string path) { paths.push_back(std::move(path)); });
  std::ranges::sort(paths);
  return paths;
}

std::unique_ptr<MemoryStorage> MemoryStorage::AfterPowerCut(std::optional<uint64_t> seed) const {
  auto storage = std::make_unique<MemoryStorage>();
  const MutexLock lock(mutex_);
  const MutexLock other(storage->mutex_);
  storage->root_ = PowerCut(seed).Leave(*root_);
  return storage;
}

}  // namespace clew::base

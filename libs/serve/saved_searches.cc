// SPDX-License-Identifier: Apache-2.0
#include "serve/saved_searches.h"

#include <memory>
#include <optional>
#include <utility>

#include "base/log.h"
#include "base/replace_file.h"
#include "serve/limits.h"
#include "wire/json_tree.h"
#include "wire/json_writer.h"

namespace clew::serve {
namespace {

constexpr std::string_view kFile = "searches.json";

std::optional<SavedSearch> SearchOf(wire::JsonValue object) {
  SavedSearch search;
  wire::JsonMembers members(object);
  while (members.Next()) {
    if (members.value().type() != wire::JsonType::kString) return std::nullopt;
    const std::string text(members.value().text());
    if (members.key() == "name") search.name = text;
    if (members.key() == "query") search.query = text;
    if (members.key() == "order") search.order = text;
  }
  if (search.name.empty() || search.order.empty()) return std::nullopt;
  return search;
}

}  // namespace

SavedSearches::SavedSearches(base::Storage& storage, std::string directory)
    : storage_(storage), directory_(std::move(directory)) {
  const base::MutexLock lock(mutex_);
  readable_ = Read();
  if (!readable_.ok()) base::LogWarning(readable_.error().message);
}

// {"<tenant>":[{"name":"…","query":"…","order":"…"},…],…}
base::Status SavedSearches::Read() {
  const std::string path = directory_ + "/" + std::string(kFile);
  if (!storage_.Exists(path)) return {};
  const std::unique_ptr<base::File> file = TRY(storage_.Open(path, base::Storage::Mode::kRead));
  const std::string text = TRY(file->Read(0, kMaxSavedFileBytes));
  const base::Error damaged{base::ErrorCode::kCorruption,
                            path + " is not what this program writes; move it away to save anew"};
  wire::JsonTree tree;
  wire::ScanFailure failure;
  if (!tree.Parse(text, failure) || tree.root().type() != wire::JsonType::kObject) return damaged;
  Searches searches;
  wire::JsonMembers tenants(tree.root());
  while (tenants.Next()) {
    wire::JsonElements elements(tenants.value());
    while (elements.Next()) {
      std::optional<SavedSearch> search = SearchOf(elements.value());
      if (!search) return damaged;
      std::string name = search->name;
      searches[std::string(tenants.key())].insert_or_assign(std::move(name), *std::move(search));
    }
  }
  searches_ = std::move(searches);
  return {};
}

base::Result<std::vector<SavedSearch>> SavedSearches::List(std::string_view tenant) const {
  const base::MutexLock lock(mutex_);
  TRY(readable_);
  std::vector<SavedSearch> list;
  const auto found = searches_.find(tenant);
  if (found == searches_.end()) return list;
  for (const auto& [name, search] : found->second) list.push_back(search);
  return list;
}

base::Status SavedSearches::Put(std::string_view tenant, SavedSearch search) {
  const base::MutexLock lock(mutex_);
  TRY(readable_);
  Searches changed = searches_;
  OfTenant& mine = changed[std::string(tenant)];
  std::string name = search.name;
  mine.insert_or_assign(std::move(name), std::move(search));
  if (mine.size() > kMaxSavedSearches) {
    return base::Error{base::ErrorCode::kExhausted,
                       "there are " + std::to_string(kMaxSavedSearches) +
                           " saved searches, which is as many as there may be; delete one first"};
  }
  return Replace(std::move(changed));
}

base::Result<bool> SavedSearches::Remove(std::string_view tenant, std::string_view name) {
  const base::MutexLock lock(mutex_);
  TRY(readable_);
  Searches changed = searches_;
  const auto mine = changed.find(tenant);
  if (mine == changed.end()) return false;
  const auto found = mine->second.find(name);
  if (found == mine->second.end()) return false;
  mine->second.erase(found);
  TRY(Replace(std::move(changed)));
  return true;
}

base::Status SavedSearches::Replace(Searches searches) {
  wire::JsonWriter json;
  json.BeginObject();
  for (const auto& [tenant, mine] : searches) {
    json.Key(tenant);
    json.BeginArray();
    for (const auto& [name, search] : mine) {
      json.BeginObject();
      json.TextMember("name", name);
      json.TextMember("query", search.query);
      json.TextMember("order", search.order);
      json.EndObject();
    }
    json.EndArray();
  }
  json.EndObject();
  TRY(base::ReplaceFile(storage_, directory_, std::string(kFile), json.Take() + "\n"));
  searches_ = std::move(searches);
  return {};
}

}  // namespace clew::serve

// SPDX-License-Identifier: Apache-2.0
#include "serve/searches_api.h"

#include <string>
#include <string_view>
#include <utility>

#include "serve/limits.h"
#include "serve/tenant.h"
#include "serve/traceql_query.h"
#include "wire/json_tree.h"
#include "wire/json_writer.h"
#include "wire/utf8.h"

namespace clew::serve {
namespace {

constexpr std::string_view kPath = "/api/clew/v1/searches";

base::Error Wrong(std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::move(message)};
}

base::Status CheckName(std::string_view name) {
  for (std::string_view rest = name; !rest.empty();) {
    const size_t size = wire::Utf8CharacterSize(rest);
    const auto first = static_cast<unsigned char>(rest.front());
    if (size == 0 || first < 0x20 || first == 0x7f) {
      return Wrong("the name of a search is UTF-8 without control characters");
    }
    rest.remove_prefix(size);
  }
  if (name.size() <= kMaxSearchNameBytes) return {};
  return Wrong("the name of a search has at most " + std::to_string(kMaxSearchNameBytes) +
               " bytes, not " + std::to_string(name.size()));
}

base::Status SetMember(SavedSearch& search, std::string_view key, wire::JsonValue value) {
  if (key != "query" && key != "order") {
    return Wrong("a saved search has query and order, not '" + std::string(key) + "'");
  }
  if (value.type() != wire::JsonType::kString) {
    return Wrong("the " + std::string(key) + " of a saved search is a string");
  }
  (key == "query" ? search.query : search.order) = value.text();
  return {};
}

base::Status CheckSearch(const SavedSearch& search) {
  if (search.order != "slowest" && search.order != "newest") {
    return Wrong("the order of a saved search is slowest or newest, not '" + search.order + "'");
  }
  if (search.query.size() > kMaxSavedQueryBytes) {
    return Wrong("the query of a saved search has at most " + std::to_string(kMaxSavedQueryBytes) +
                 " bytes");
  }
  if (!search.query.empty()) (void)TRY(ParseSpansetPipeline(search.query));
  return {};
}

base::Result<SavedSearch> SearchOf(const ApiRequest& request) {
  TRY(CheckName(request.path_argument));
  wire::JsonTree tree;
  wire::ScanFailure failure;
  if (!tree.Parse(request.body, failure)) return failure.ToError("invalid JSON");
  if (tree.root().type() != wire::JsonType::kObject) {
    return Wrong(R"(a saved search is an object such as {"query":"{ }","order":"newest"})");
  }
  SavedSearch search{.name = request.path_argument, .query = {}, .order = "slowest"};
  wire::JsonMembers members(tree.root());
  while (members.Next()) TRY(SetMember(search, members.key(), members.value()));
  TRY(CheckSearch(search));
  return search;
}

ApiReply NoContent() {
  return {.status = 204, .content_type = {}, .body = {}};
}

ApiReply List(const SavedSearches& searches, const ApiRequest& request) {
  const auto list = searches.List(TenantOf(request));
  if (!list.ok()) return ErrorReply(list.error());
  wire::JsonWriter json;
  json.BeginObject();
  json.Key("searches");
  json.BeginArray();
  for (const SavedSearch& search : list.value()) {
    json.BeginObject();
    for (const auto& [key, text] :
         {std::pair("name", &search.name), std::pair("query", &search.query),
          std::pair("order", &search.order)}) {
      json.Key(key);
      json.String(*text);
    }
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return {.body = json.Take()};
}

ApiReply Put(SavedSearches& searches, const ApiRequest& request) {
  base::Result<SavedSearch> search = SearchOf(request);
  if (!search.ok()) return ErrorReply(search.error());
  const base::Status saved = searches.Put(TenantOf(request), std::move(search).value());
  return saved.ok() ? NoContent() : ErrorReply(saved.error());
}

ApiReply Delete(SavedSearches& searches, const ApiRequest& request) {
  const auto removed = searches.Remove(TenantOf(request), request.path_argument);
  if (!removed.ok()) return ErrorReply(removed.error());
  if (removed.value()) return NoContent();
  return TextReply(404, "there is no saved search '" + request.path_argument + "'\n");
}

}  // namespace

void AddSearchesApi(Router& router, SavedSearches& searches) {
  const auto add = [&](const char* method, const std::string& pattern, auto function,
                       size_t body_limit = 0) {
    const auto call = [&searches, function](const ApiRequest& request) {
      return function(searches, request);
    };
    router.Add(method, pattern, RunsOn::kWorker, call, body_limit);
  };
  const std::string one = std::string(kPath) + "/{name}";
  add("GET", std::string(kPath), List);
  add("PUT", one, Put, kRequestBodyLimitBytes);
  add("DELETE", one, Delete);
}

}  // namespace clew::serve

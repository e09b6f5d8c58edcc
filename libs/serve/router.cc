// SPDX-License-Identifier: Apache-2.0
#include "serve/router.h"

#include <utility>

#include "net/http.h"

namespace clew::serve {

void Router::Add(std::string method, std::string_view pattern, RunsOn runs_on, ApiFunction function,
                 size_t body_limit) {
  const size_t open = pattern.find('{');
  const size_t close = pattern.find('}');
  Route route{.method = std::move(method),
              .pattern = std::string(pattern),
              .prefix = std::string(pattern.substr(0, open)),
              .suffix = {},
              .has_variable = open != std::string_view::npos,
              .spans_segments = false,
              .runs_on = runs_on,
              .body_limit = body_limit,
              .function = std::move(function)};
  if (route.has_variable) {
    route.suffix = pattern.substr(close + 1);
    route.spans_segments = pattern.substr(0, close).ends_with("...");
  }
  routes_.push_back(std::move(route));
}

bool Router::Fits(const Route& route, std::string_view path, std::string_view& argument) {
  if (!route.has_variable) return path == route.prefix;
  if (path.size() <= route.prefix.size() + route.suffix.size()) return false;
  if (!path.starts_with(route.prefix) || !path.ends_with(route.suffix)) return false;
  argument =
      path.substr(route.prefix.size(), path.size() - route.prefix.size() - route.suffix.size());
  return route.spans_segments || argument.find('/') == std::string_view::npos;
}

Router::Match Router::Find(std::string_view method, std::string_view path) const {
  Match match;
  for (const Route& route : routes_) {
    std::string_view argument;
    if (!Fits(route, path, argument)) continue;
    if (route.method != method && !(method == "HEAD" && route.method == "GET")) {
      match.outcome = Match::Outcome::kWrongMethod;
      match.allowed = route.method;
      continue;
    }
    match.outcome = Match::Outcome::kFound;
    match.function = &route.function;
    match.runs_on = route.runs_on;
    match.body_limit = route.body_limit;
    match.pattern = route.pattern;
    match.argument = net::PercentDecode(argument, false).value_or(std::string(argument));
    return match;
  }
  return match;
}

}  // namespace clew::serve

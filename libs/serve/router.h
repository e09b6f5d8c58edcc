// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "serve/api.h"

namespace clew::serve {

// Where a function runs: kLoop for what answers at once from memory, kWorker for
// what may take a while and must not hold up a thread of sockets.
enum class RunsOn : uint8_t { kLoop, kWorker };

// Finds the function for a method and a path. A pattern may hold one variable:
// "/api/traces/{id}" stands for one path segment, "/tag/{name...}/values" for any
// number of them. The first route that fits wins. Immutable once it serves.
class Router {
 public:
  // `body_limit`: the most bytes of a body, which the function is given; 0: it wants none.
  void Add(std::string method, std::string_view pattern, RunsOn runs_on, ApiFunction function,
           size_t body_limit = 0);

  struct Match {
    enum class Outcome : uint8_t { kFound, kWrongMethod, kNotFound };
    Outcome outcome = Outcome::kNotFound;
    const ApiFunction* function = nullptr;  // kFound
    RunsOn runs_on = RunsOn::kLoop;
    size_t body_limit = 0;
    std::string_view pattern;  // kFound: as it was added
    std::string argument;      // decoded
    std::string_view allowed;  // kWrongMethod: the method that would do
  };
  // HEAD finds what GET finds.
  Match Find(std::string_view method, std::string_view path) const;

 private:
  struct Route {
    std::string method;
    std::string pattern;
    std::string prefix;
    std::string suffix;
    bool has_variable;
    bool spans_segments;
    RunsOn runs_on;
    size_t body_limit;
    ApiFunction function;
  };
  static bool Fits(const Route& route, std::string_view path, std::string_view& argument);

  std::vector<Route> routes_;
};

}  // namespace clew::serve

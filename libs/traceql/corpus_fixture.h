// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "traceql/cursor.h"

// Queries by what becomes of them, shared by the tests.
namespace clew::traceql {

std::span<const std::string_view> ValidQueries();
std::span<const std::string_view> OwnQueries();  // valid, and not in Tempo
std::span<const std::string_view> MisspeltQueries();
std::span<const std::string_view> InvalidQueries();
std::span<const std::string_view> UnsupportedQueries();

// `ok`, `parse_error`, `invalid` or `unsupported`.
std::string ResultOf(std::string_view query, Dialect dialect = Dialect::kTempo);
// The message of whatever is wrong; empty when nothing is.
std::string MessageOf(std::string_view query, Dialect dialect = Dialect::kTempo);
// What it prints as; the error when it does not parse.
std::string Canonical(std::string_view query, Dialect dialect = Dialect::kClew);

}  // namespace clew::traceql

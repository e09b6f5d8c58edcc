// SPDX-License-Identifier: Apache-2.0
#include "traceql/hint.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "traceql/intrinsics.h"
#include "traceql/words.h"

namespace clew::traceql {
namespace {

bool IsBinaryOperator(TokenKind kind) {
  return kind >= TokenKind::kAnd && kind != TokenKind::kNot;
}

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// `http.status_code`, of which the lexer makes a word and an attribute.
std::string DottedName(std::span<const Token> tokens, size_t at) {
  const Token& word = tokens[at];
  if (at + 1 == tokens.size()) return word.text;
  const Token& next = tokens[at + 1];
  const bool adjacent = next.position.offset == word.position.offset + word.text.size();
  const bool dotted = next.kind == TokenKind::kAttribute && NameOf(next) == "." && adjacent;
  return dotted ? word.text + "." + next.text : word.text;
}

std::string HintForUnknown(std::span<const Token> tokens, size_t at) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kSigns = {
      {{"and", "&&"}, {"or", "||"}, {"not", "!"}}};
  const std::string& word = tokens[at].text;
  const std::string lower = Lower(word);
  for (const auto& [name, sign] : kSigns) {
    if (lower == name) return std::string(name) + " is written " + std::string(sign);
  }
  if (FindScope(word)) return "a name follows a scope: " + word + ".name";
  if (IsTempoWord(lower)) return "it is written " + lower;
  const std::string name = DottedName(tokens, at);
  return "attributes begin with their scope: span." + name + ", resource." + name + ", or ." +
         name + " for any; strings are quoted";
}

std::string HintForKeyword(const Token& word, bool is_first) {
  if (is_first && FindMetricsFunction(word.text)) {
    return "spans come first: {} | " + word.text + "()";
  }
  return "`" + word.text + "` has a meaning of its own and cannot stand here";
}

// Behind `span:` and the like.
std::string HintForScoped(const Token& scope, const Token& found) {
  const std::vector<std::string_view> names = IntrinsicsOf(scope.text);
  if (names.empty()) {
    return "attributes of it are written " + scope.text.substr(0, scope.text.size() - 1) + "." +
           (found.kind == TokenKind::kIdentifier ? found.text : "name");
  }
  std::string hint = scope.text + " has ";
  for (const std::string_view name : names) {
    if (name != names.front()) hint += name == names.back() ? " and " : ", ";
    hint += name;
  }
  return hint;
}

std::string HintForMissingValue(TokenKind op, TokenKind found) {
  const bool is_value = found >= TokenKind::kInteger && found <= TokenKind::kOpenParen &&
                        found != TokenKind::kCloseBrace;
  return (is_value ? "this is not of the kind that can stand after "
                   : "a value is missing after ") +
         std::string(NameOf(op));
}

}  // namespace

std::string HintFor(std::span<const Token> tokens, size_t at, bool is_keyword) {
  const Token& found = tokens[at];
  const bool is_first = at == 0;
  const TokenKind before = is_first ? TokenKind::kEnd : tokens[at - 1].kind;
  if (before == TokenKind::kIntrinsicScope) return HintForScoped(tokens[at - 1], found);
  if (is_keyword) return HintForKeyword(found, is_first);
  if (found.kind == TokenKind::kIdentifier) return HintForUnknown(tokens, at);
  if (found.kind == TokenKind::kEnd) {
    return is_first ? "the query is empty; {} matches all spans" : "the query ends too early";
  }
  if (found.kind == TokenKind::kEqual && before == TokenKind::kEqual) {
    return "equality is written with one =";
  }
  if (IsBinaryOperator(before)) return HintForMissingValue(before, found.kind);
  const std::string quoted = "`" + NameOf(found) + "`";
  if (before == TokenKind::kAttribute && found.kind >= TokenKind::kOpenBrace) {
    return quoted + " cannot follow an attribute here";
  }
  if (before == TokenKind::kPipe) {
    return "after | comes a filter, an aggregate with a comparison, by(), select(), coalesce() or "
           "a metrics function";
  }
  if (IsBinaryOperator(found.kind)) {
    return quoted + " cannot join what stands on its left with something";
  }
  return quoted + " cannot stand here";
}

}  // namespace clew::traceql

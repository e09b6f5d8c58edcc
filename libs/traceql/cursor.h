// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "traceql/ast.h"
#include "traceql/parse_error.h"
#include "traceql/token.h"

namespace clew::traceql {

// kTempo: what Tempo takes, and nothing else. kClew: our extensions as well.
enum class Dialect : uint8_t { kClew, kTempo };

// The tokens of a query and the place that was read up to. What the parsers of its parts
// share, the errors among it.
class Cursor {
 public:
  // REQUIRES: tokens end as those of Lex do
  Cursor(std::vector<Token> tokens, Dialect dialect)
      : tokens_(std::move(tokens)), dialect_(dialect) {}

  const Token& Peek() const { return tokens_[next_]; }
  bool At(TokenKind kind) const { return Peek().kind == kind; }
  bool AtWord(std::string_view word) const {
    return At(TokenKind::kIdentifier) && Peek().text == word;
  }
  Token Take();  // never moves past the last token
  bool TakeIf(TokenKind kind);
  ParseStatus Expect(TokenKind kind);
  ParseResult<int64_t> TakeInteger();

  // The next token cannot stand where it is. `expected` lists what could; more than four
  // are not worth a reader's time and are left out.
  ParseError Unexpected(std::vector<std::string> expected = {}) const {
    return UnexpectedAt(next_, std::move(expected));
  }
  // The same of a token that was taken; `mark` is what mark() was before it.
  ParseError UnexpectedAt(size_t mark, std::vector<std::string> expected = {}) const;
  size_t mark() const { return next_; }

  // Called on the way into each nested part, with Leave on the way out.
  ParseStatus Enter();
  void Leave() { --depth_; }
  // Fails when a tree has grown too high.
  ParseStatus CheckHeight(uint32_t height, const Position& position) const;

  // Whether words that Tempo does not know are ours.
  bool extended() const { return dialect_ == Dialect::kClew; }

 private:
  bool IsKeyword(std::string_view word) const;

  std::vector<Token> tokens_;
  size_t next_ = 0;
  uint32_t depth_ = 0;
  Dialect dialect_;
};

}  // namespace clew::traceql

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace clew::traceql {

// A place in the text of a query.
struct Position {
  uint32_t line = 1;    // from 1
  uint32_t column = 1;  // from 1, in bytes
  uint32_t offset = 0;  // from the start of the text, in bytes
  bool operator==(const Position&) const = default;
};

// Where an attribute lies; kAny is searched in the order of these, from kSpan on.
enum class Scope : uint8_t { kAny, kSpan, kResource, kEvent, kLink, kInstrumentation };

enum class TokenKind : uint8_t {
  kEnd,
  kInvalid,         // text: what is wrong with it
  kIdentifier,      // text: as written; keywords are for the parser to know
  kAttribute,       // text: its name, unquoted; empty when it was left out
  kIntrinsicScope,  // text: `span:` and the like
  kInteger,
  kFloat,
  kDuration,
  kString,  // text: unescaped
  // From here on signs, in the order of their texts in lexer.cc.
  kOpenBrace,
  kCloseBrace,
  kOpenParen,
  kCloseParen,
  kComma,
  kPipe,
  kAnd,
  kOr,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kMatch,
  kNotMatch,  // also the negated `~`
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kNot,
  kTilde,
  kDescendant,
  kAncestor,
  kNotChild,
  kNotParent,
  kNotDescendant,
  kNotAncestor,
  kUnionChild,
  kUnionParent,
  kUnionDescendant,
  kUnionAncestor,
  kUnionSibling,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Position position{};
  std::string text{};
  std::string hint{};      // of kInvalid: what to do about it
  int64_t integer = 0;     // of kInteger; of kDuration: nanoseconds
  double number = 0;       // of kFloat
  Scope scope{};           // of kAttribute
  bool of_parent = false;  // of kAttribute: it began with `parent.`
};

// Makes it one of kind kInvalid. Returns its size in the text, 0.
size_t MakeInvalid(Token& token, std::string what, std::string hint);

// As it is named in an error: a sign or keyword as written, other kinds by name
// (IDENTIFIER, STRING, …), the end of the text as $end. All as Tempo has them.
std::string NameOf(const Token& token);
std::string_view NameOf(TokenKind kind);

}  // namespace clew::traceql

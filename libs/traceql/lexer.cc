// SPDX-License-Identifier: Apache-2.0
// Text to tokens. What is peculiar to TraceQL: an attribute, scope and name, is one token,
// and its name goes on until a byte that no name can hold. So `.a+1` is one name, and
// `.a + 1` a sum. Numbers and strings have files of their own.
#include "traceql/lexer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "traceql/characters.h"
#include "traceql/number_lexer.h"
#include "traceql/string_lexer.h"
#include "traceql/words.h"
#include "wire/utf8.h"

namespace clew::traceql {
namespace {

constexpr TokenKind kFirstSign = TokenKind::kOpenBrace;
constexpr std::array<std::string_view, 35> kSigns = {
    "{",  "}",  "(",  ")",  ",",   "|",   "&&", "||", "=",   "!=",  "<", "<=",
    ">",  ">=", "=~", "!~", "+",   "-",   "*",  "/",  "%",   "^",   "!", "~",
    ">>", "<<", "!>", "!<", "!>>", "!<<", "&>", "&<", "&>>", "&<<", "&~"};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token Next() {
    if (std::optional<Token> invalid = SkipSpace()) return *std::move(invalid);
    Token token{.position = position_};
    if (rest().empty()) return token;
    Fill(token);
    return token;
  }

  // What stands at the end of the text, as the text of the query goes on but cannot be read.
  Token Unreadable(char next) {
    Advance(rest().size());
    Token token{.position = position_};
    MakeInvalid(token, next == '\0' ? "illegal character NUL" : "invalid UTF-8 encoding",
                "a query is text in UTF-8; other bytes of strings are written \\x and two digits");
    return token;
  }

 private:
  std::string_view rest() const { return text_.substr(position_.offset); }
  char Peek(size_t ahead = 0) const { return ahead < rest().size() ? rest()[ahead] : '\0'; }

  void Advance(size_t bytes) {
    for (size_t i = 0; i < bytes; ++i, ++position_.offset) {
      const bool newline = text_[position_.offset] == '\n';
      position_.line += newline ? 1 : 0;
      position_.column = newline ? 1 : position_.column + 1;
    }
  }

  // Spaces and comments. The token is a comment that never ends.
  std::optional<Token> SkipSpace() {
    while (true) {
      if (IsSpace(Peek()) && !rest().empty()) {
        Advance(1);
      } else if (rest().starts_with("//")) {
        Advance(std::min(rest().find('\n'), rest().size()));
      } else if (rest().starts_with("/*")) {
        const size_t end = rest().find("*/", 2);
        if (end == std::string_view::npos) {
          return Token{.kind = TokenKind::kInvalid,
                       .position = position_,
                       .text = "comment not terminated",
                       .hint = "a comment that begins with /* ends with */"};
        }
        Advance(end + 2);
      } else {
        return std::nullopt;
      }
    }
  }

  void Fill(Token& token) {
    const char c = Peek();
    if (IsDigit(c) || (c == '.' && IsFraction(rest()))) {
      Advance(LexNumber(rest(), token));
    } else if (c == '.') {
      LexAttribute(token, Scope::kAny, 1);
    } else if (c == '"' || c == '`') {
      Advance(LexString(rest(), token));
    } else if (WordCharacterSize(rest()) > 0) {
      LexWord(token);
    } else {
      LexSign(token);
    }
  }

  std::string_view Word(size_t from) const {
    size_t end = from;
    while (const size_t size = WordCharacterSize(rest().substr(end))) end += size;
    return rest().substr(from, end - from);
  }

  // An identifier, or what begins as one: `span.name`, `span:name`.
  void LexWord(Token& token) {
    const std::string_view word = Word(0);
    const char after = Peek(word.size());
    if (word == "parent" && after == '.') {
      token.of_parent = true;
      return LexParentAttribute(token, word.size() + 1);
    }
    const std::optional<Scope> scope = FindScope(word);
    if (scope && after == '.') return LexAttribute(token, *scope, word.size() + 1);
    const bool colon = after == ':' && (scope || word == "trace");
    token.kind = colon ? TokenKind::kIntrinsicScope : TokenKind::kIdentifier;
    token.text = rest().substr(0, word.size() + (colon ? 1 : 0));
    Advance(token.text.size());
  }

  // `parent.span.` and `parent.resource.` are scopes; any other word is part of the name.
  void LexParentAttribute(Token& token, size_t prefix) {
    const std::string_view word = Word(prefix);
    const std::optional<Scope> scope = FindScope(word);
    const bool scoped = scope && (*scope == Scope::kSpan || *scope == Scope::kResource) &&
                        Peek(prefix + word.size()) == '.';
    if (scoped) return LexAttribute(token, *scope, prefix + word.size() + 1);
    LexAttribute(token, Scope::kAny, prefix);
  }

  void LexAttribute(Token& token, Scope scope, size_t prefix) {
    token.kind = TokenKind::kAttribute;
    token.scope = scope;
    Advance(prefix);
    while (!rest().empty() && !EndsAttributeName(rest())) {
      if (Peek() != '"') {
        token.text += Peek();
        Advance(1);
        continue;
      }
      const std::optional<size_t> size = ReadQuotedName(rest(), token.text);
      if (!size) {
        MakeInvalid(token, "invalid quoted attribute name",
                    "a quoted name ends with a quote; only \\\" and \\\\ are escapes in it");
        return;
      }
      Advance(*size);
    }
  }

  void LexSign(Token& token) {
    size_t best = 0;  // index past the longest that fits
    for (size_t i = 0; i < kSigns.size(); ++i) {
      const bool longer = best == 0 || kSigns[i].size() > kSigns[best - 1].size();
      if (longer && rest().starts_with(kSigns[i])) best = i + 1;
    }
    if (best == 0) return LexIllegal(token);
    token.kind = static_cast<TokenKind>(static_cast<size_t>(kFirstSign) + best - 1);
    Advance(kSigns[best - 1].size());
  }

  void LexIllegal(Token& token) const {
    const std::string_view character = rest().substr(0, wire::Utf8CharacterSize(rest()));
    MakeInvalid(token, "illegal character " + Quoted(character), std::string(HintFor(character)));
  }

  static std::string Quoted(std::string_view character) {
    const bool control = character[0] < ' ' && character.size() == 1;
    const bool visible = !control && character != "\x7F" && UnicodeSpaceSize(character) == 0;
    if (visible) return "'" + std::string(character) + "'";
    std::string bytes;
    constexpr std::string_view kHexDigits = "0123456789abcdef";
    for (const char c : character) {
      const auto byte = static_cast<unsigned char>(c);
      bytes.append({'\\', 'x', kHexDigits[byte >> 4], kHexDigits[byte & 0xF]});
    }
    return bytes;
  }

  static std::string_view HintFor(std::string_view character) {
    constexpr std::string_view kTypographicQuotes =
        "\xE2\x80\x98 \xE2\x80\x99 \xE2\x80\x9C \xE2\x80\x9D";
    const bool typographic =
        character.size() == 3 && kTypographicQuotes.find(character) != std::string_view::npos;
    if (character == "'" || typographic) {
      return "strings are written in double quotes or backticks";
    }
    if (character == "&") return "and is written &&";
    if (UnicodeSpaceSize(character) > 0)
      return "it looks like a space but is none; write a plain one";
    return "no operator, value or name begins with it";
  }

  std::string_view text_;  // the caller's
  Position position_;
};

}  // namespace

bool EndsAttributeName(std::string_view rest) {
  return UnicodeSpaceSize(rest) > 0 ||
         std::string_view("{}()=~!<>&|^,").find(rest[0]) != std::string_view::npos;
}

std::vector<Token> Lex(std::string_view text) {
  std::vector<Token> tokens;
  const std::string_view readable = text.substr(0, ReadableSize(text));
  Lexer lexer(readable);
  do {
    tokens.push_back(lexer.Next());
  } while (tokens.back().kind != TokenKind::kEnd && tokens.back().kind != TokenKind::kInvalid);
  if (readable.size() < text.size()) tokens.back() = lexer.Unreadable(text[readable.size()]);
  return tokens;
}

size_t MakeInvalid(Token& token, std::string what, std::string hint) {
  token.kind = TokenKind::kInvalid;
  token.text = std::move(what);
  token.hint = std::move(hint);
  return 0;
}

std::string_view NameOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEnd:
      return "$end";
    case TokenKind::kIdentifier:
      return "IDENTIFIER";
    case TokenKind::kAttribute:
      return "ATTRIBUTE";
    case TokenKind::kInteger:
      return "INTEGER";
    case TokenKind::kFloat:
      return "FLOAT";
    case TokenKind::kDuration:
      return "DURATION";
    case TokenKind::kString:
      return "STRING";
    case TokenKind::kInvalid:
    case TokenKind::kIntrinsicScope:
      return "";
    default:  // A sign.
      return kSigns[static_cast<size_t>(kind) - static_cast<size_t>(kFirstSign)];
  }
}

std::string NameOf(const Token& token) {
  if (token.kind == TokenKind::kIdentifier || token.kind == TokenKind::kIntrinsicScope) {
    return token.text;
  }
  if (token.kind != TokenKind::kAttribute) return std::string(NameOf(token.kind));
  return PrefixOf(token.scope, token.of_parent);
}

}  // namespace clew::traceql

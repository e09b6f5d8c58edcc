// SPDX-License-Identifier: Apache-2.0
//
// HTTP/1.x message syntax (RFC 9112), read strictly and without input or output.
//
// Two programs that disagree on where a message ends let one client slip a
// request into another's. So whatever the RFC allows a recipient to repair is
// refused here: a bare LF or CR, folded lines, blanks before a colon, both
// Content-Length and Transfer-Encoding, several lengths that differ, a length that is a
// list, any transfer coding but "chunked", a chunk size that overflows. What is
// read depends on the bytes alone, never on how they were cut into pieces.
#include "net/http1_parser.h"

#include <array>
#include <cstring>

#include "base/byte_scan.h"
#include "net/limits.h"

namespace clew::net {

namespace {

constexpr std::array<bool, 256> MakeTokenTable() {
  std::array<bool, 256> table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = true;
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<uint8_t>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kTokenTable = MakeTokenTable();

bool IsToken(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (!kTokenTable[static_cast<uint8_t>(c)]) return false;
  }
  return true;
}

bool IsFieldValue(std::string_view text) {
  if (!base::HasControl<' '>(text)) return true;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if ((byte < ' ' && byte != '\t') || byte == 0x7f) return false;
  }
  return true;
}

bool IsVisible(std::string_view text) {
  return !base::HasControl<' ' + 1>(text);
}

std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Takes the next line off `rest`. REQUIRES: rest holds "\r\n".
std::string_view TakeLine(std::string_view& rest) {
  const size_t end = rest.find("\r\n");
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 2);
  return line;
}

// The fields that decide framing and the connection, gathered in one pass.
struct FieldFacts {
  std::optional<uint64_t> content_length;
  bool chunked = false;
  bool close = false;
  bool keep_alive = false;
  bool expects_continue = false;
  int hosts = 0;
  std::string_view host;
};

bool HasToken(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const size_t end = std::min(list.find(','), list.size());
    if (EqualsIgnoringCase(TrimBlanks(list.substr(0, end)), token)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

std::optional<uint64_t> ParseLength(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  return value;
}

std::optional<Http1Error> NoteContentLength(std::string_view value, FieldFacts& facts) {
  const std::optional<uint64_t> length = ParseLength(value);
  if (!length) return Http1Error{400, "content-length is not one decimal number"};
  if (facts.content_length && *facts.content_length != *length) {
    return Http1Error{400, "several content-length fields that differ"};
  }
  facts.content_length = length;
  return std::nullopt;
}

std::optional<Http1Error> NoteCoding(std::string_view value, FieldFacts& facts) {
  if (facts.chunked) return Http1Error{400, "several transfer-encoding fields"};
  if (!EqualsIgnoringCase(value, "chunked")) {
    return Http1Error{501, "the only transfer coding understood is chunked"};
  }
  facts.chunked = true;
  return std::nullopt;
}

std::optional<Http1Error> NoteField(std::string_view name, std::string_view value,
                                    FieldFacts& facts) {
  switch (name.size()) {
    case 4:
      if (!EqualsIgnoringCase(name, "host")) break;
      ++facts.hosts;
      facts.host = value;
      break;
    case 6:
      if (!EqualsIgnoringCase(name, "expect")) break;
      if (!EqualsIgnoringCase(value, "100-continue")) {
        return Http1Error{417, "only 100-continue can be expected"};
      }
      facts.expects_continue = true;
      break;
    case 10:
      if (!EqualsIgnoringCase(name, "connection")) break;
      facts.close = facts.close || HasToken(value, "close");
      facts.keep_alive = facts.keep_alive || HasToken(value, "keep-alive");
      break;
    case 14:
      if (EqualsIgnoringCase(name, "content-length")) return NoteContentLength(value, facts);
      break;
    case 17:
      if (EqualsIgnoringCase(name, "transfer-encoding")) return NoteCoding(value, facts);
      break;
    default:
      break;
  }
  return std::nullopt;
}

std::optional<Http1Error> ParseFields(std::string_view rest, Headers* headers, FieldFacts* facts) {
  while (true) {
    const std::string_view line = TakeLine(rest);
    if (line.empty()) return std::nullopt;
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return Http1Error{400, "header line without a colon"};
    const std::string_view name = line.substr(0, colon);
    // Refuses folded lines and blanks before the colon too.
    if (!IsToken(name)) return Http1Error{400, "header name holds a character that is not allowed"};
    const std::string_view value = TrimBlanks(line.substr(colon + 1));
    if (!IsFieldValue(value)) return Http1Error{400, "header value holds a control character"};
    if (headers->size() == kMaxHeaderFields) return Http1Error{431, "too many header fields"};
    if (auto error = NoteField(name, value, *facts)) return error;
    // Most lines have the form in which headers are kept: one copy for all of it.
    if (value.data() == name.data() + colon + 2 && value.size() + colon + 2 == line.size()) {
      headers->AddParsedLine({line.data(), line.size() + 2}, colon);
    } else {
      headers->Add(name, value);
    }
  }
}

// "HTTP/1.1" to 1, "HTTP/1.0" to 0.
std::optional<Http1Error> ParseVersion(std::string_view text, int* minor) {
  if (text.size() != 8 || !text.starts_with("HTTP/") || text[6] != '.') {
    return Http1Error{400, "malformed HTTP version"};
  }
  if (text[5] != '1' || (text[7] != '0' && text[7] != '1')) {
    return Http1Error{505, "this HTTP version is not understood here"};
  }
  *minor = text[7] - '0';
  return std::nullopt;
}

bool IsAuthority(std::string_view text) {
  for (const char c : text) {
    if (c == '/' || c == '?' || c == '#' || c == '@' || c == '\\' || c == ',') return false;
  }
  return IsVisible(text);
}

std::optional<Http1Error> ParseTarget(std::string_view target, RequestHead* head) {
  if (target.empty() || !IsVisible(target)) return Http1Error{400, "malformed request target"};
  if (target.front() == '/' || (target == "*" && head->method == "OPTIONS")) {
    head->target = target;
    return std::nullopt;
  }
  if (head->method == "CONNECT") return Http1Error{501, "CONNECT is not understood here"};
  const size_t scheme_end = target.find("://");
  if (scheme_end == std::string_view::npos) return Http1Error{400, "malformed request target"};
  const std::string_view scheme = target.substr(0, scheme_end);
  if (!EqualsIgnoringCase(scheme, "http") && !EqualsIgnoringCase(scheme, "https")) {
    return Http1Error{400, "request target with a scheme other than http and https"};
  }
  const std::string_view after = target.substr(scheme_end + 3);
  const size_t path_start = std::min(after.find_first_of("/?"), after.size());
  head->authority = after.substr(0, path_start);
  if (head->authority.empty() || !IsAuthority(head->authority)) {
    return Http1Error{400, "malformed authority in the request target"};
  }
  head->target = after.substr(path_start);
  if (!head->target.starts_with('/')) head->target.insert(0, "/");
  return std::nullopt;
}

std::optional<Http1Error> ApplyHost(const FieldFacts& facts, RequestHead* head) {
  if (facts.hosts > 1) return Http1Error{400, "several host fields"};
  if (facts.hosts == 0 && head->minor_version == 1) {
    return Http1Error{400, "the host field is missing"};
  }
  if (!IsAuthority(facts.host)) return Http1Error{400, "malformed host field"};
  // The authority of an absolute target goes before the field.
  if (head->authority.empty()) head->authority = facts.host;
  return std::nullopt;
}

}  // namespace

Http1HeadFinder::Found Http1HeadFinder::Find(std::string_view bytes) {
  const std::string_view looked_at = bytes.substr(0, std::min(bytes.size(), kMaxHeaderBytes));
  while (true) {
    const size_t newline = looked_at.find('\n', scanned_);
    if (newline == std::string_view::npos) break;
    scanned_ = newline + 1;
    if (newline == 0 || bytes[newline - 1] != '\r' || newline == line_start_) {
      error_ = {400, "line that ends in a bare line feed"};
      return Found::kError;
    }
    const bool empty = newline - 1 == line_start_;
    const bool leading = line_start_ == start_;
    line_start_ = scanned_;
    if (!empty) continue;
    if (leading) {
      start_ = scanned_;
      continue;
    }
    length_ = scanned_;
    return Found::kYes;
  }
  scanned_ = looked_at.size();
  if (bytes.size() <= kMaxHeaderBytes) return Found::kNo;
  error_ = {431, "header is larger than " + std::to_string(kMaxHeaderBytes) + " bytes"};
  return Found::kError;
}

std::optional<Http1Error> ParseRequestHead(std::string_view bytes, Http1Request* request) {
  RequestHead& head = request->head;
  const std::string_view line = TakeLine(bytes);
  const size_t method_end = line.find(' ');
  const size_t target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || target_end == method_end) {
    return Http1Error{400, "malformed request line"};
  }
  if (!IsToken(line.substr(0, method_end))) return Http1Error{400, "malformed method"};
  head.method = line.substr(0, method_end);
  if (auto error = ParseVersion(line.substr(target_end + 1), &head.minor_version)) return error;
  const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
  if (auto error = ParseTarget(target, &head)) return error;

  FieldFacts facts;
  if (auto error = ParseFields(bytes, &head.headers, &facts)) return error;
  if (auto error = ApplyHost(facts, &head)) return error;
  if (facts.chunked && facts.content_length) {
    return Http1Error{400, "both content-length and transfer-encoding"};
  }
  if (facts.chunked && head.minor_version == 0) {
    return Http1Error{400, "transfer-encoding in an HTTP/1.0 message"};
  }
  using Kind = Http1Framing::Kind;
  if (facts.chunked) {
    request->framing = {Kind::kChunked, 0};
  } else if (facts.content_length.value_or(0) > 0) {
    request->framing = {Kind::kLength, *facts.content_length};
  }
  head.content_length = facts.content_length;
  request->keep_alive = !facts.close && (head.minor_version == 1 || facts.keep_alive);
  request->expects_continue = facts.expects_continue && head.minor_version == 1;
  return std::nullopt;
}

std::optional<Http1Error> ParseResponseHead(std::string_view bytes, bool to_head,
                                            Http1Response* response) {
  const std::string_view line = TakeLine(bytes);
  int minor = 1;
  if (line.size() < 12 || line[8] != ' ' || (line.size() > 12 && line[12] != ' ') ||
      !IsFieldValue(line)) {
    return Http1Error{502, "malformed status line"};
  }
  if (auto error = ParseVersion(line.substr(0, 8), &minor)) return error;
  const std::optional<uint64_t> status = ParseLength(line.substr(9, 3));
  if (!status || *status < 100) return Http1Error{502, "malformed status"};
  response->head.status = static_cast<int>(*status);

  FieldFacts facts;
  if (auto error = ParseFields(bytes, &response->head.headers, &facts)) return error;
  if (facts.chunked && (facts.content_length || minor == 0)) {
    return Http1Error{502, "transfer-encoding together with content-length or HTTP/1.0"};
  }
  response->head.content_length = facts.content_length;
  response->keep_alive = !facts.close && (minor == 1 || facts.keep_alive);
  using Kind = Http1Framing::Kind;
  if (to_head || *status < 200 || *status == 204 || *status == 304) {
    response->framing = {Kind::kNone, 0};
  } else if (facts.chunked) {
    response->framing = {Kind::kChunked, 0};
  } else if (facts.content_length) {
    response->framing = {*facts.content_length > 0 ? Kind::kLength : Kind::kNone,
                         *facts.content_length};
  } else {
    response->framing = {Kind::kUntilClose, 0};
    response->keep_alive = false;
  }
  return std::nullopt;
}

Http1BodyReader::Http1BodyReader(Http1Framing framing)
    : state_(State::kDone),
      chunked_(framing.kind == Http1Framing::Kind::kChunked),
      remaining_(framing.length) {
  switch (framing.kind) {
    case Http1Framing::Kind::kNone:
      break;
    case Http1Framing::Kind::kLength:
      state_ = State::kData;
      break;
    case Http1Framing::Kind::kChunked:
      state_ = State::kChunkSize;
      remaining_ = 0;
      break;
    case Http1Framing::Kind::kUntilClose:
      state_ = State::kUntilClose;
      break;
  }
}

Http1BodyReader::Step Http1BodyReader::Read(std::string_view bytes) {
  size_t position = 0;
  while (position < bytes.size()) {
    if (state_ == State::kDone || state_ == State::kFailed) break;
    if (state_ == State::kUntilClose) return {bytes.size(), bytes.substr(position)};
    if (state_ != State::kData) {
      ReadFramingByte(bytes[position++]);
      continue;
    }
    const std::string_view data = bytes.substr(position, remaining_);
    remaining_ -= data.size();
    if (remaining_ == 0) state_ = chunked_ ? State::kChunkEnd : State::kDone;
    return {position + data.size(), data};
  }
  return {position, {}};
}

void Http1BodyReader::ReadFramingByte(char c) {
  switch (state_) {
    case State::kChunkSize:
      return ReadChunkSizeByte(c);
    case State::kChunkExtension:
      return ReadChunkExtensionByte(c);
    case State::kChunkSizeEnd:
      if (c != '\n') return Fail("bare carriage return after a chunk size");
      size_digits_ = 0;
      state_ = remaining_ == 0 ? State::kTrailers : State::kData;
      return;
    case State::kChunkEnd:
      if (c != '\r') return Fail("chunk is longer than its size");
      state_ = State::kChunkEndLf;
      return;
    case State::kChunkEndLf:
      if (c != '\n') return Fail("chunk is longer than its size");
      state_ = State::kChunkSize;
      return;
    case State::kTrailers:
      return ReadTrailerByte(c);
    case State::kData:
    case State::kUntilClose:
    case State::kDone:
    case State::kFailed:
      return;
  }
}

void Http1BodyReader::ReadChunkSizeByte(char c) {
  const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
  const bool digit = lower >= '0' && lower <= '9';
  if (digit || (lower >= 'a' && lower <= 'f')) {
    if (++size_digits_ > 15) return Fail("chunk size is too large");
    remaining_ = remaining_ * 16 + static_cast<uint64_t>(digit ? lower - '0' : lower - 'a' + 10);
    return;
  }
  if (size_digits_ == 0) return Fail("chunk size is missing");
  if (c == '\r') {
    state_ = State::kChunkSizeEnd;
  } else if (c == ';' || c == ' ' || c == '\t') {
    state_ = State::kChunkExtension;
  } else {
    Fail("malformed chunk size");
  }
}

void Http1BodyReader::ReadChunkExtensionByte(char c) {
  if (c == '\r') {
    state_ = State::kChunkSizeEnd;
  } else if (++extension_bytes_ > kMaxChunkExtensionBytes) {
    Fail("chunk extensions are too large");
  } else if (!IsFieldValue(std::string_view(&c, 1))) {
    Fail("control character in a chunk extension");
  }
}

void Http1BodyReader::ReadTrailerByte(char c) {
  trailer_bytes_ += c;
  if (trailer_bytes_.size() > kMaxTrailerBytes) return Fail("trailers are too large");
  if (c != '\n') return;
  if (!trailer_bytes_.ends_with("\r\n")) return Fail("line that ends in a bare line feed");
  if (trailer_bytes_ == "\r\n" || trailer_bytes_.ends_with("\r\n\r\n")) EndTrailers();
}

void Http1BodyReader::EndTrailers() {
  FieldFacts facts;
  if (auto error = ParseFields(trailer_bytes_, &trailers_, &facts)) {
    return Fail("in the trailers: " + error->message);
  }
  if (facts.content_length || facts.chunked || facts.hosts > 0) {
    return Fail("a trailer that belongs into the head");
  }
  state_ = State::kDone;
}

void Http1BodyReader::Fail(std::string_view why) {
  state_ = State::kFailed;
  error_ = why;
}

}  // namespace clew::net

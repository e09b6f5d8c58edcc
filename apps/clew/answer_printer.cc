// SPDX-License-Identifier: Apache-2.0
#include "answer_printer.h"

namespace clew {
namespace {

// Characters of a cell.
constexpr size_t kMostCharacters = 48;

// Whether a character of UTF-8 that begins there moves the cursor or worse: C0, DEL and C1.
bool IsControl(std::string_view text, size_t at) {
  const auto byte = static_cast<uint8_t>(text[at]);
  if (byte < 0x20 || byte == 0x7f) return true;
  return byte == 0xc2 && at + 1 < text.size() && static_cast<uint8_t>(text[at + 1]) < 0xa0;
}

bool IsContinuation(char c) {
  return (static_cast<uint8_t>(c) & 0xc0) == 0x80;
}

}  // namespace

std::string TableCell(std::string_view text) {
  std::string cell;
  size_t characters = 0;
  for (size_t at = 0; at < text.size();) {
    if (++characters > kMostCharacters) return cell + "…";
    size_t end = at + 1;
    while (end < text.size() && IsContinuation(text[end])) ++end;
    cell += IsControl(text, at) ? "\ufffd" : text.substr(at, end - at);
    at = end;
  }
  return cell;
}

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (&cell != cells.data()) line += ',';
    if (cell.find_first_of(",\"\r\n") == std::string::npos) {
      line += cell;
      continue;
    }
    line += '"';
    for (const char c : cell) line.append(c == '"' ? 2 : 1, c);
    line += '"';
  }
  return line + "\r\n";
}

}  // namespace clew

// SPDX-License-Identifier: Apache-2.0
#include "ledger/document_fixture.h"

#include <fstream>
#include <sstream>

#include "base/check.h"

namespace clew::ledger {
namespace {

bool IsDrawn(std::string_view line) {
  return line.size() > 2 && line[0] >= 'a' && line[0] <= 'z' && line[1] == ' ' &&
         line.find('|') != std::string_view::npos;
}

// What is above the end of the last line of a drawing, and what is below.
void Divide(const std::string& text, PageExample& example) {
  size_t end = 0, place = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    place += line.size() + 1;
    if (IsDrawn(line)) end = place;
  }
  example.drawn = text.substr(0, end);
  example.told = text.substr(end);
}

}  // namespace

std::string PageExample::OptionOf(std::string_view name) const {
  const std::string key = " " + std::string(name) + "=";
  const size_t place = title.find(key);
  if (place == std::string::npos) return {};
  const size_t value = place + key.size();
  return title.substr(value, title.find(' ', value) - value);
}

std::vector<PageExample> ExamplesOf(const std::string& page, const std::string& kind) {
  const std::string fence = "```";
  std::ifstream document(CLEW_DOCS "/" + page);
  CHECK(document.good());
  std::vector<PageExample> examples;
  bool inside = false, is_asked_for = false;
  std::string text;
  for (std::string line; std::getline(document, line);) {
    if (!line.starts_with(fence)) {
      if (inside) text += line + "\n";
      continue;
    }
    inside = !inside;
    if (inside) {
      const std::string title = line.substr(fence.size());
      is_asked_for = title == kind || title.starts_with(kind + " ");
      if (is_asked_for) examples.push_back({.title = title, .drawn = {}, .told = {}});
      text.clear();
    } else if (is_asked_for) {
      Divide(text, examples.back());
    }
  }
  return examples;
}

}  // namespace clew::ledger

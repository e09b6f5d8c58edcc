// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

// Holds pages of docs/ to what they say: a fenced block is an example, with what is drawn in it and
// what comes of that.
namespace clew::ledger {

struct PageExample {
  std::string title;  // the words behind the fence: "ledger by=service"
  std::string drawn;  // up to the last line of a drawing
  std::string told;   // what stands below

  bool Asks(std::string_view word) const { return title.find(word) != std::string::npos; }
  // The value of an option, "service" of by; empty: the title has none.
  std::string OptionOf(std::string_view name) const;
};

// Of docs/`page` the blocks whose title begins with this word, in their order.
std::vector<PageExample> ExamplesOf(const std::string& page, const std::string& kind);

}  // namespace clew::ledger

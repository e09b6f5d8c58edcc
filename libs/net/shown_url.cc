// SPDX-License-Identifier: Apache-2.0
#include "net/shown_url.h"

#include <algorithm>

namespace clew::net {
namespace {

constexpr std::string_view kBegin = "://";
constexpr std::string_view kLeftOut = "(left out)";

// What follows "://". A password may have any byte that nobody escaped, '/' and '?' among them, so
// the last '@' counts.
std::string ShownRest(std::string_view rest) {
  std::string shown;
  const size_t at = rest.rfind('@');
  if (at != std::string_view::npos) {
    shown = kLeftOut;
    rest.remove_prefix(at);
  }
  const size_t question = rest.find('?');
  shown += rest.substr(0, question);
  if (question != std::string_view::npos) shown.append("?").append(kLeftOut);
  return shown;
}

}  // namespace

std::string ShownUrl(std::string_view url) {
  const size_t begin = url.find(kBegin);
  const size_t scheme = begin == std::string_view::npos ? 0 : begin + kBegin.size();
  return std::string(url.substr(0, scheme)) + ShownRest(url.substr(scheme));
}

std::string ShownUrls(std::string_view text) {
  std::string shown;
  while (true) {
    const size_t begin = text.find(kBegin);
    if (begin == std::string_view::npos) return shown.append(text);
    shown += text.substr(0, begin + kBegin.size());
    text.remove_prefix(begin + kBegin.size());
    const size_t end = std::min(text.find_first_of(" \t\r\n\"'`"), text.size());
    shown += ShownRest(text.substr(0, end));
    text.remove_prefix(end);
  }
}

}  // namespace clew::net

// SPDX-License-Identifier: Apache-2.0
#include "reference/text_file.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "reference/text_value.h"

namespace clew::reference {
namespace {

base::Error Wrong(const std::string& what) {
  return {base::ErrorCode::kInvalidArgument, what};
}

base::Status SetNumber(size_t& number, const std::string& text) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return Wrong("no number: " + text);
  return {};
}

base::Status SetTime(std::optional<int64_t>& time, const std::string& text) {
  time = ParseDuration(text);
  if (!time) return Wrong("no duration: " + text);
  return {};
}

struct Flag {
  std::string_view word;
  bool TextOptions::* option;
};
constexpr Flag kFlags[] = {{"instant", &TextOptions::instant},
                           {"attributes", &TextOptions::show_attributes},
                           {"summary", &TextOptions::show_summary},
                           {"services", &TextOptions::show_services}};

struct NumberOption {
  std::string_view key;
  size_t TextOptions::* option;
};
constexpr NumberOption kNumbers[] = {{"limit", &TextOptions::limit},
                                     {"spss", &TextOptions::spss},
                                     {"exemplars", &TextOptions::exemplars}};

struct TimeOption {
  std::string_view key;
  std::optional<int64_t> TextOptions::* option;
};
constexpr TimeOption kTimes[] = {{"from", &TextOptions::from_ns},
                                 {"to", &TextOptions::to_ns},
                                 {"step", &TextOptions::step_ns},
                                 {"horizon", &TextOptions::horizon_ns}};

base::Status SetOption(TextOptions& options, const std::string& word) {
  for (const Flag& flag : kFlags) {
    if (word != flag.word) continue;
    options.*flag.option = true;
    return {};
  }
  const KeyAndText given = SplitAssignment(word).value_or(KeyAndText{});
  for (const NumberOption& number : kNumbers) {
    if (given.key == number.key) return SetNumber(options.*number.option, given.text);
  }
  for (const TimeOption& time : kTimes) {
    if (given.key == time.key) return SetTime(options.*time.option, given.text);
  }
  return Wrong("no option: " + word);
}

// Lines before the first query are spans; `with` among them holds for all queries. After a
// query come its own `with` and, up to the next query, what is expected.
class Reader {
 public:
  base::Status Add(size_t number, std::string_view line) {
    if (line.starts_with("? ")) {
      cases_.push_back({number, std::string(line.substr(2)), options_, {}});
      return {};
    }
    if (line.starts_with("with ")) {
      return SetOptions(cases_.empty() ? options_ : cases_.back().options, line.substr(5));
    }
    if (cases_.empty()) return spans_.Add(line);
    cases_.back().expected.emplace_back(line);
    return {};
  }

  TextFile Take() && { return {std::move(spans_).Take(), std::move(cases_)}; }

 private:
  static base::Status SetOptions(TextOptions& options, std::string_view line) {
    for (const std::string& word : WordsOf(line)) TRY(SetOption(options, word));
    return {};
  }

  TextSpansReader spans_;
  TextOptions options_;
  std::vector<TextCase> cases_;
};

std::string_view WithoutTail(std::string_view line) {
  const size_t last = line.find_last_not_of(" \r");
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

base::Error At(size_t number, const std::string& what) {
  return Wrong(std::to_string(number) + ": " + what);
}

}  // namespace

base::Result<TextFile> ParseTextFile(std::string_view text) {
  Reader reader;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = WithoutTail(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const size_t begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos || line[begin] == '#') continue;
    const base::Status added = reader.Add(number, line);
    if (!added.ok()) return At(number, added.error().message);
  }
  TextFile test = std::move(reader).Take();
  for (const TextCase& one : test.cases) {
    if (one.expected.empty()) return At(one.line, "nothing is expected; write `nothing`");
  }
  return test;
}

}  // namespace clew::reference

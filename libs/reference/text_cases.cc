// SPDX-License-Identifier: Apache-2.0
#include "reference/text_cases.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace clew::reference {
namespace {

std::string ContentOf(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

std::vector<CaseInFile> CasesOf(const std::filesystem::path& path) {
  const std::string file = path.filename().string();
  auto parsed = ParseTextFile(ContentOf(path));
  if (!parsed.ok()) return {{.file = file, .broken = file + ":" + parsed.error().message}};
  const auto content = std::make_shared<const TextFile>(std::move(parsed).value());
  std::vector<CaseInFile> cases;
  cases.reserve(content->cases.size());
  for (size_t i = 0; i < content->cases.size(); ++i) {
    cases.push_back({.file = file, .content = content, .index = i});
  }
  return cases;
}

}  // namespace

std::string CaseInFile::Name() const {
  std::string stem = std::filesystem::path(file).stem().string();
  return content ? stem + "_line" + std::to_string(text_case().line) : stem;
}

void PrintTo(const CaseInFile& one, std::ostream* out) {
  *out << one.file;
  if (one.content) *out << ":" << one.text_case().line << ": " << one.text_case().query;
}

std::vector<CaseInFile> CasesIn(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".test") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<CaseInFile> all;
  for (const std::filesystem::path& file : files) {
    for (CaseInFile& one : CasesOf(file)) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace clew::reference

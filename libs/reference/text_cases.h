// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "reference/text_file.h"

// The cases of a folder of text tests, as parameters of a test.
namespace clew::reference {

struct CaseInFile {
  std::string file{};    // without its folder
  std::string broken{};  // what is wrong with the file as a whole, where it is
  std::shared_ptr<const TextFile> content{};
  size_t index = 0;  // in the content

  // REQUIRES: broken.empty()
  const TextCase& text_case() const { return content->cases[index]; }
  // `structural_line12`, a name that tests may have.
  std::string Name() const;
};

// What a failure is told with: file, line and query.
void PrintTo(const CaseInFile& one, std::ostream* out);

// Of all files that end in .test, in the order of their names. One for a file that cannot be
// read.
std::vector<CaseInFile> CasesIn(const std::string& folder);

}  // namespace clew::reference

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew {

enum class AnswerFormat : uint8_t { kTable, kJson, kCsv };

// Prints answers of one query to the standard output: one of them, or what is new in one after
// the other. One thread.
class AnswerPrinter {
 public:
  virtual ~AnswerPrinter() = default;
  // kCorruption when the text is no answer. What a person should know beside goes to stderr.
  virtual base::Status Print(const std::string& answer) = 0;
  virtual base::Status PrintNew(const std::string& answer) = 0;
};

// `attributes`: those that the query mentions, a column each.
std::unique_ptr<AnswerPrinter> MakeTracePrinter(AnswerFormat format,
                                                std::vector<std::string> attributes,
                                                uint32_t limit);
std::unique_ptr<AnswerPrinter> MakeSeriesPrinter(AnswerFormat format);

// A cell of a table: on one line, of bounded width, nothing in it a terminal would obey.
std::string TableCell(std::string_view text);
// A line of CSV (RFC 4180), with its end.
std::string CsvLine(const std::vector<std::string>& cells);

}  // namespace clew

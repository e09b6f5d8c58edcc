// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "parquet/values.h"
#include "store/dictionary.h"

namespace clew::store {

// Strings of a memtable's dictionary as a column chunk with a dictionary of its own:
// each code is renumbered when it is first seen. Used for one chunk after another,
// because the table of all codes is made once.
class CodedColumn {
 public:
  // `dictionary` outlives it.
  explicit CodedColumn(const Dictionary& dictionary) : dictionary_(dictionary) {}

  void Add(uint32_t code) {
    if (code >= locals_.size()) locals_.resize(dictionary_.size());
    // What an earlier chunk left behind does not point back.
    uint32_t local = locals_[code];
    if (local >= distinct_.size() || distinct_[local] != code) {
      local = static_cast<uint32_t>(distinct_.size());
      locals_[code] = local;
      distinct_.push_back(code);
    }
    codes_.push_back(local);
  }

  // What was added; empty again afterwards.
  parquet::CodedValues Take() {
    parquet::ByteArrays values;
    for (const uint32_t code : distinct_) values.push_back(dictionary_[code]);
    distinct_.clear();
    return {.dictionary = std::move(values), .codes = std::exchange(codes_, {})};
  }

 private:
  const Dictionary& dictionary_;
  std::vector<uint32_t> locals_;    // by code of the memtable
  std::vector<uint32_t> distinct_;  // by code of the chunk
  std::vector<uint32_t> codes_;
};

// Numbers of which few are different, as codes; as they are when there are more than
// a few dozen.
std::variant<parquet::Values, parquet::CodedValues> CodeNumbers(std::vector<int64_t> values);
std::variant<parquet::Values, parquet::CodedValues> CodeNumbers(std::vector<int32_t> values);

}  // namespace clew::store

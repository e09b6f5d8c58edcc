// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>

#include "store/block_input.h"

namespace clew::store {

// The MAP `others` of one row group, row by row: an absent map where a row has no
// entry.
class OthersBuilder {
 public:
  void BeginRow() {
    EndRow();
    open_ = true;
    entries_in_row_ = 0;
  }
  void Add(std::string_view key, std::string_view json) {
    Level(2, entries_in_row_ == 0 ? 0 : 1);
    ++entries_in_row_;
    keys_.push_back(key);
    values_.push_back(json);
  }
  BlockInput::Others Take() {
    EndRow();
    BlockInput::Others others;
    others.keys.levels = levels_;
    others.keys.values = parquet::Values(std::move(keys_));
    // A value may be absent in the schema, and never is.
    for (uint8_t& level : levels_.definition) level = level == 2 ? 3 : level;
    others.values.levels = std::move(levels_);
    others.values.values = parquet::Values(std::move(values_));
    return others;
  }

 private:
  void EndRow() {
    if (open_ && entries_in_row_ == 0) Level(0, 0);
    open_ = false;
  }
  void Level(uint8_t definition, uint8_t repetition) {
    levels_.definition.push_back(definition);
    levels_.repetition.push_back(repetition);
  }

  parquet::Levels levels_;
  parquet::ByteArrays keys_, values_;
  bool open_ = false;
  size_t entries_in_row_ = 0;
};

}  // namespace clew::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace clew::serve {

// Writes docs/format/trace_columns.md: a head, then columns of numbers, each with its length
// before it and at an address that eight divides, so that a browser reads them where they lie.
class ColumnWriter {
 public:
  ColumnWriter(uint32_t spans, int64_t origin_unix_nano);

  template <typename T>
  void Add(uint32_t id, std::span<const T> values) {
    AddBytes(id, {reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  }
  template <typename T>
  void Add(uint32_t id, const std::vector<T>& values) {
    Add(id, std::span<const T>(values));
  }
  void AddBytes(uint32_t id, std::string_view bytes);

  std::string Take() &&;

 private:
  std::string out_;
  uint32_t columns_ = 0;
};

// Texts by number, each once, as they are first asked for; 0 is the empty one. They are borrowed.
class TextColumn {
 public:
  TextColumn() { NumberOf(""); }
  uint32_t NumberOf(std::string_view text);
  // As two columns: where each ends, and their bytes.
  void Write(uint32_t ends_id, uint32_t bytes_id, ColumnWriter& out) const;

 private:
  std::unordered_map<std::string_view, uint32_t> numbers_;
  std::vector<std::string_view> texts_;
};

}  // namespace clew::serve

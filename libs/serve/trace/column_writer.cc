// SPDX-License-Identifier: Apache-2.0
#include "serve/trace/column_writer.h"

#include <cstring>
#include <utility>

#include "base/bytes.h"

namespace clew::serve {
namespace {

constexpr std::string_view kMagic = "CLEWTRC\n";
constexpr uint16_t kFormat = 1;
constexpr uint16_t kMinimumReader = 1;
constexpr size_t kColumnCountOffset = 24;
constexpr size_t kAlignment = 8;

}  // namespace

ColumnWriter::ColumnWriter(uint32_t spans, int64_t origin_unix_nano) {
  out_.append(kMagic);
  base::AppendLittle(out_, kFormat);
  base::AppendLittle(out_, kMinimumReader);
  base::AppendLittle(out_, spans);
  base::AppendLittle(out_, origin_unix_nano);
  base::AppendLittle(out_, uint64_t{0});  // how many columns, once that is known
}

void ColumnWriter::AddBytes(uint32_t id, std::string_view bytes) {
  base::AppendLittle(out_, id);
  base::AppendLittle(out_, static_cast<uint32_t>(bytes.size()));
  out_.append(bytes);
  out_.append((kAlignment - out_.size() % kAlignment) % kAlignment, '\0');
  ++columns_;
}

std::string ColumnWriter::Take() && {
  std::memcpy(out_.data() + kColumnCountOffset, &columns_, sizeof columns_);
  return std::move(out_);
}

uint32_t TextColumn::NumberOf(std::string_view text) {
  const auto [found, is_new] = numbers_.emplace(text, static_cast<uint32_t>(texts_.size()));
  if (is_new) texts_.push_back(text);
  return found->second;
}

void TextColumn::Write(uint32_t ends_id, uint32_t bytes_id, ColumnWriter& out) const {
  std::vector<uint32_t> ends;
  std::string bytes;
  for (const std::string_view text : texts_) {
    bytes.append(text);
    ends.push_back(static_cast<uint32_t>(bytes.size()));
  }
  out.Add(ends_id, ends);
  out.AddBytes(bytes_id, bytes);
}

}  // namespace clew::serve

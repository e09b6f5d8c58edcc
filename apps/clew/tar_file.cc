// SPDX-License-Identifier: Apache-2.0
// A block of 512 bytes says what a file is, its bytes follow, filled up to whole blocks, and two
// blocks of zeros are the end. Numbers are octal text; the sum is over the header with spaces in
// its own place. pubs.opengroup.org, "pax", ustar Interchange Format.
#include "tar_file.h"

#include <cstdio>
#include <numeric>

#include "base/check.h"

namespace clew {
namespace {

constexpr size_t kBlock = 512;

void Put(std::string& header, size_t offset, const std::string& text) {
  header.replace(offset, text.size(), text);
}

std::string Octal(uint64_t number, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*llo", digits, static_cast<unsigned long long>(number));
  return text;
}

std::string HeaderOf(const TarEntry& entry, int64_t unix_seconds) {
  constexpr size_t kMostName = 100;
  CHECK(entry.name.size() <= kMostName);
  std::string header(kBlock, '\0');
  Put(header, 0, entry.name);
  Put(header, 100, "0000644");
  Put(header, 108, "0000000");  // user and group
  Put(header, 116, "0000000");
  Put(header, 124, Octal(entry.text.size(), 11));
  Put(header, 136, Octal(static_cast<uint64_t>(unix_seconds), 11));
  Put(header, 148, std::string(8, ' '));
  Put(header, 156, "0");  // a plain file
  Put(header, 257, "ustar");
  Put(header, 263, "00");
  const uint64_t sum = std::accumulate(
      header.begin(), header.end(), uint64_t{0},
      [](uint64_t so_far, char c) { return so_far + static_cast<unsigned char>(c); });
  Put(header, 148, Octal(sum, 6) + std::string(1, '\0') + " ");
  return header;
}

}  // namespace

std::string TarOf(const std::vector<TarEntry>& entries, int64_t unix_seconds) {
  std::string tar;
  for (const TarEntry& entry : entries) {
    tar += HeaderOf(entry, unix_seconds);
    tar += entry.text;
    tar.resize((tar.size() + kBlock - 1) / kBlock * kBlock, '\0');
  }
  tar.resize(tar.size() + 2 * kBlock, '\0');
  return tar;
}

}  // namespace clew

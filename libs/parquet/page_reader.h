// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "parquet/file_reader.h"
#include "parquet/metadata.h"

namespace clew::parquet {

// What the pages of a chunk have in common.
struct PageContext {
  const Column& column;
  Codec codec = Codec::kUncompressed;
};

// A page header with the bytes behind it, and where the next one begins.
struct RawPage {
  PageHeader header;
  std::string_view body;  // compressed
  size_t size = 0;        // header included
};

// The page that `bytes` begin with; its checksum is right, if it has one.
base::Result<RawPage> TakePage(std::string_view bytes);

// A data page of either version. REQUIRES: header.type is one of them.
base::Result<PlainPage> UnpackDataPage(const RawPage& raw, const PageContext& context);
// All of one; it may begin inside a row that the one before began.
base::Result<Page> DecodeDataPage(const PlainPage& plain, const Column& column);
// Some rows of one; nothing is looked at that they do not need. kCorruption when the page has
// another number of rows than `page_rows`, or begins inside one.
// REQUIRES: rows.end() <= page_rows
base::Result<Page> DecodeRows(const PlainPage& plain, const Column& column, uint32_t page_rows,
                              Part rows);
base::Result<Values> DecodeDictionaryPage(const RawPage& raw, const PageContext& context);

// Never of v2, nor where there is an offset index.
bool BeginsInsideARow(const Page& page);

// The values that codes stand for; kCorruption when one is not in the dictionary,
// kTooLarge when they are over 1 GiB.
base::Result<Values> LookUp(const Values& dictionary, const std::vector<uint32_t>& codes);
// One page of all; kTooLarge when its byte arrays are over 4 GiB.
// REQUIRES: there are any, and all have codes, or values of the same type.
base::Result<Page> JoinPages(std::vector<Page> pages);

}  // namespace clew::parquet

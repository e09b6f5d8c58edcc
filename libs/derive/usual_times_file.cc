// SPDX-License-Identifier: Apache-2.0
//   header      48 bytes, with the checksum of itself and the list
//   list        24 bytes an operation, by hash: hash, size and checksum of its times
//   times       of each operation, one behind the other, in the same order
//
// A question is about one operation; the list tells where that lies, so that two reads answer it
// however many there are. What an operation says begins with its name, because hashes may be
// equal.
#include "derive/usual_times_file.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/varint.h"
#include "derive/limits.h"

namespace clew::derive {
namespace {

using base::Error;
using base::ErrorCode;
using base::LoadLittle;

constexpr std::string_view kMagic = "CLEWUSU\n";
constexpr size_t kHeaderBytes = 48;
constexpr size_t kChecksumEnd = 16;  // the checksum covers what stands behind it
constexpr size_t kPlaceBytes = 24;
constexpr uint32_t kMaxSectionBytes = 64 << 20;

Error Damaged(const std::string& what) {
  return {ErrorCode::kCorruption, "usual_times: " + what};
}

void AppendText(std::string& bytes, std::string_view text) {
  base::AppendVarint(bytes, text.size());
  bytes += text;
}

base::Result<std::string> TakeText(std::string_view& bytes) {
  const auto size = base::TakeVarint(bytes);
  if (!size || *size > kMaxTextBytes || *size > bytes.size()) return Damaged("a text is cut");
  std::string text(bytes.substr(0, *size));
  bytes.remove_prefix(*size);
  return text;
}

base::Result<uint64_t> TakeNumber(std::string_view& bytes, uint64_t most) {
  const auto number = base::TakeVarint(bytes);
  if (!number || *number > most) return Damaged("a number is cut or too large");
  return *number;
}

// The texts of an operation's things, each once.
class Texts {
 public:
  uint64_t CodeOf(const std::string& text) {
    const auto [known, is_new] = codes_.try_emplace(text, texts_.size());
    if (is_new) texts_.push_back(&known->first);
    return known->second;
  }
  void AppendTo(std::string& bytes) const {
    base::AppendVarint(bytes, texts_.size());
    for (const std::string* text : texts_) AppendText(bytes, *text);
  }

 private:
  std::map<std::string, uint64_t> codes_;
  std::vector<const std::string*> texts_;
};

std::string SectionOf(const RootOperation& root, const OperationTimes& times) {
  std::string bytes, things;
  AppendText(bytes, root.service);
  AppendText(bytes, root.name);
  base::AppendVarint(bytes, base::ToZigzag(times.first_start_unix_nano));
  base::AppendVarint(bytes, base::ToZigzag(times.last_start_unix_nano));
  times.durations.AppendTo(bytes);
  Texts texts;
  for (const auto& [thing, sketch] : times.things) {
    things.push_back(static_cast<char>(thing.of));
    things.push_back(static_cast<char>(thing.kind));
    for (const std::string* text : {&thing.service, &thing.operation, &thing.peer}) {
      base::AppendVarint(things, texts.CodeOf(*text));
    }
    sketch.AppendTo(things);
  }
  texts.AppendTo(bytes);
  base::AppendVarint(bytes, times.things.size());
  return bytes + things;
}

base::Result<std::vector<std::string>> TakeTexts(std::string_view& bytes) {
  const uint64_t count = TRY(TakeNumber(bytes, 3 * kMaxTimesOfOperation));
  std::vector<std::string> texts;
  texts.reserve(count);
  for (uint64_t i = 0; i < count; ++i) texts.push_back(TRY(TakeText(bytes)));
  return texts;
}

base::Result<TimedThing> TakeThing(std::string_view& bytes, const std::vector<std::string>& texts) {
  if (bytes.size() < 2) return Damaged("it ends too soon");
  const auto of = static_cast<uint8_t>(bytes[0]);
  if (of > static_cast<uint8_t>(TimedThing::Of::kSpan)) return Damaged("unknown times");
  TimedThing thing{.of = static_cast<TimedThing::Of>(of), .kind = static_cast<uint8_t>(bytes[1])};
  bytes.remove_prefix(2);
  for (std::string* text : {&thing.service, &thing.operation, &thing.peer}) {
    const uint64_t code = TRY(TakeNumber(bytes, UINT64_MAX));
    if (code >= texts.size()) return Damaged("a text is missing");
    *text = texts[code];
  }
  return thing;
}

base::Result<OperationTimes> TakeTimes(std::string_view bytes) {
  OperationTimes times;
  times.first_start_unix_nano = base::FromZigzag(TRY(TakeNumber(bytes, UINT64_MAX)));
  times.last_start_unix_nano = base::FromZigzag(TRY(TakeNumber(bytes, UINT64_MAX)));
  times.durations = TRY(ledger::TimeSketch::ReadFrom(bytes));
  const std::vector<std::string> texts = TRY(TakeTexts(bytes));
  const uint64_t count = TRY(TakeNumber(bytes, kMaxTimesOfOperation));
  for (uint64_t i = 0; i < count; ++i) {
    TimedThing thing = TRY(TakeThing(bytes, texts));
    times.things[std::move(thing)] = TRY(ledger::TimeSketch::ReadFrom(bytes));
  }
  if (times.things.size() != count || !bytes.empty()) return Damaged("it has too much");
  return times;
}

}  // namespace

std::string EncodeUsualTimes(const UsualTimes& times) {
  std::vector<std::pair<uint64_t, std::string>> sections;
  for (const auto& [root, operation] : times.operations()) {
    sections.emplace_back(root.hash(), SectionOf(root, operation));
  }
  std::ranges::sort(sections);
  std::string checked, bodies;
  base::AppendLittle(checked, uint64_t{sections.size()});
  base::AppendLittle(checked, times.left_out());
  base::AppendLittle(checked, times.least_dropped_hash());
  base::AppendLittle(checked, uint64_t{0});
  for (const auto& [hash, section] : sections) {
    base::AppendLittle(checked, hash);
    base::AppendLittle(checked, uint64_t{section.size()});
    base::AppendLittle(checked, base::Crc32c(section));
    base::AppendLittle(checked, uint32_t{0});
    bodies += section;
  }
  std::string bytes(kMagic);
  base::AppendLittle(bytes, kUsualTimesFormat);
  base::AppendLittle(bytes, kUsualTimesMinimumReader);
  base::AppendLittle(bytes, base::Crc32c(checked));
  return bytes + checked + bodies;
}

base::Result<UsualTimesFile> UsualTimesFile::Open(ReadUsualBytes read, uint64_t size_bytes) {
  if (size_bytes < kHeaderBytes) return Damaged("it is shorter than its header");
  const std::string header = TRY(read(0, kHeaderBytes));
  if (header.size() != kHeaderBytes || !header.starts_with(kMagic)) {
    return Damaged("it does not begin as one");
  }
  const auto format = LoadLittle<uint16_t>(header.data() + 8);
  const auto minimum_reader = LoadLittle<uint16_t>(header.data() + 10);
  if (minimum_reader > kUsualTimesFormat) {
    return Error{ErrorCode::kUnsupported,
                 "usual_times: format " + std::to_string(format) + " is newer than " +
                     std::to_string(kUsualTimesFormat) + ", the newest this program reads"};
  }
  const auto count = LoadLittle<uint64_t>(header.data() + kChecksumEnd);
  if (count > kMaxTimes || kHeaderBytes + count * kPlaceBytes > size_bytes) {
    return Damaged("its list does not fit");
  }
  const std::string list = TRY(read(kHeaderBytes, count * kPlaceBytes));
  const uint32_t checksum =
      base::Crc32c(list, base::Crc32c(std::string_view(header).substr(kChecksumEnd)));
  if (list.size() != count * kPlaceBytes || LoadLittle<uint32_t>(header.data() + 12) != checksum) {
    return Damaged("its list has a wrong checksum");
  }
  UsualTimesFile file;
  file.read_ = std::move(read);
  file.left_out_ = LoadLittle<uint64_t>(header.data() + 24);
  file.least_dropped_hash_ = LoadLittle<uint64_t>(header.data() + 32);
  uint64_t offset = kHeaderBytes + list.size();
  for (size_t at = 0; at < list.size(); at += kPlaceBytes) {
    const auto size = LoadLittle<uint64_t>(list.data() + at + 8);
    if (size > kMaxSectionBytes || offset + size > size_bytes) return Damaged("it is cut");
    file.places_.push_back({.hash = LoadLittle<uint64_t>(list.data() + at),
                            .offset = offset,
                            .size = static_cast<uint32_t>(size),
                            .checksum = LoadLittle<uint32_t>(list.data() + at + 16)});
    offset += size;
  }
  if (offset != size_bytes) return Damaged("it has too much");
  return file;
}

base::Result<UsualTimesFile::Operation> UsualTimesFile::ReadAt(const Place& place) const {
  const std::string section = TRY(read_(place.offset, place.size));
  if (section.size() != place.size || base::Crc32c(section) != place.checksum) {
    return Damaged("an operation has a wrong checksum");
  }
  std::string_view bytes = section;
  Operation operation;
  operation.root.service = TRY(TakeText(bytes));
  operation.root.name = TRY(TakeText(bytes));
  operation.times = TRY(TakeTimes(bytes));
  return operation;
}

base::Result<std::optional<OperationTimes>> UsualTimesFile::Read(const RootOperation& root) const {
  const auto same = std::ranges::equal_range(places_, root.hash(), {}, &Place::hash);
  for (const Place& place : same) {
    Operation operation = TRY(ReadAt(place));
    if (operation.root == root) return std::optional(std::move(operation.times));
  }
  return std::optional<OperationTimes>();
}

base::Result<UsualTimes> UsualTimesFile::ReadAll() const {
  UsualTimes times;
  times.LeaveOut(left_out_);
  times.DropFrom(least_dropped_hash_);
  for (const Place& place : places_) {
    const Operation operation = TRY(ReadAt(place));
    if (operation.root.hash() != place.hash || times.Find(operation.root) != nullptr) {
      return Damaged("an operation is not where it belongs");
    }
    times.Add(operation.root, operation.times);
  }
  times.Trim();
  return times;
}

}  // namespace clew::derive

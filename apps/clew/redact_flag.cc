// SPDX-License-Identifier: Apache-2.0
#include "redact_flag.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <utility>

#include "base/storage.h"

namespace clew {
namespace {

std::string CheckRule(const std::string& text) {
  const auto rules = ingest::RedactRules::Parse({text});
  return rules.ok() ? "" : rules.error().message;
}

base::Result<ingest::KeyedHash> OpenHash(const std::string& key_file,
                                         const std::string& directory) {
  base::Storage& storage = base::Storage::Local();
  if (key_file.empty()) return ingest::KeyedHash::OfDirectory(storage, directory);
  return ingest::KeyedHash::FromFile(storage, key_file);
}

}  // namespace

void AddRedactFlags(CLI::App& command, RedactFlags& flags) {
  const std::string group = "Redaction";
  command
      .add_option("--redact", flags.rules,
                  "Attributes that are left out or hashed before anything is stored, as in "
                  "--redact 'drop:span.http.request.header.*' or 'hash:enduser.id'; may be given "
                  "several times, and the first that is about an attribute counts")
      ->check(CLI::Validator(CheckRule, ""))
      ->type_name("ACTION:KEY")
      ->allow_extra_args(false)
      ->group(group);
  command
      .add_option("--redact-key", flags.key_file,
                  "File with the key of the hashes, 16 bytes or more; without it one is made, "
                  "redact.key in the data directory")
      ->check(CLI::ExistingFile)
      ->group(group);
}

base::Result<std::unique_ptr<const ingest::Redactor>> MakeRedactor(const RedactFlags& flags,
                                                                   const std::string& directory) {
  ingest::RedactRules rules = TRY(ingest::RedactRules::Parse(flags.rules));
  std::unique_ptr<const ingest::Redactor> redactor;
  if (rules.empty()) return redactor;
  std::optional<ingest::KeyedHash> hash;
  if (rules.hashes()) hash = TRY(OpenHash(flags.key_file, directory));
  redactor = std::make_unique<const ingest::Redactor>(std::move(rules), std::move(hash));
  return redactor;
}

}  // namespace clew

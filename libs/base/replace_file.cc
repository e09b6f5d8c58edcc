// SPDX-License-Identifier: Apache-2.0
#include "base/replace_file.h"

#include <memory>

namespace clew::base {

Status ReplaceFile(Storage& storage, const std::string& directory, const std::string& name,
                   std::string_view contents) {
  const std::string path = directory + "/" + name;
  const std::string aside = path + ".new";
  if (storage.Exists(aside)) TRY(storage.Remove(aside));
  std::unique_ptr<File> file = TRY(storage.Open(aside, Storage::Mode::kCreate));
  TRY(file->Write(0, contents));
  TRY(file->Sync());
  TRY(storage.Rename(aside, path));
  return storage.SyncDirectory(directory);
}

}  // namespace clew::base

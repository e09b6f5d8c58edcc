// SPDX-License-Identifier: Apache-2.0
#include "load/profile.h"

#include <string>

namespace clew::load {

base::Result<Profile> FindProfile(std::string_view name) {
  // The defaults of the struct are this profile.
  if (name == "web1") return Profile{.name = "web1"};
  return base::Error{base::ErrorCode::kNotFound,
                     "there is no profile of that name, only web1: " + std::string(name)};
}

}  // namespace clew::load

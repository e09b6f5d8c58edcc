// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "access/credentials.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "base/watched_file.h"
#include "net/http.h"

namespace clew::access {

// How tenants are told apart. With neither there is one, and everybody is let in.
struct AccessOptions {
  bool multitenancy = false;  // by the header X-Scope-OrgID, see Guard for who needs none
  // By what the header Authorization says, or the client's certificate; empty: not so.
  std::string credentials_file;
  // A tenant that X-Scope-OrgID may name even where tenants are not told apart; empty: none.
  std::string other_tenant{};
};

// Why a request is not let in.
struct Refusal {
  int status;  // of HTTP: 400, 401 or 403
  std::string message;
};

// Whose request is it? With credentials X-Scope-OrgID may be absent, and must be right where it
// is not. Where the credentials have certificates, a client that shows one must be among them,
// needs no header Authorization, and what it sends of it is of the same tenant. Thread-safe.
class Access {
 public:
  // Reads the credentials, which are read again when their file changes: one that is wrong then is
  // logged and those of before stay.
  static base::Result<std::unique_ptr<Access>> Open(
      AccessOptions options, const base::Clock& clock = base::Clock::System());

  // The tenant of a request; empty where tenants are not told apart. `certificate` is what the
  // client has shown, or null.
  base::Result<std::string, Refusal> TenantOf(const net::Headers& headers,
                                              const net::ClientCertificate* certificate);

  // Whether a secret is asked for.
  bool has_credentials() const { return file_.has_value(); }
  // Whether the credentials have certificates.
  bool has_certificates();
  bool tells_tenants_apart() const { return has_credentials() || multitenancy_; }

 private:
  Access(AccessOptions options, const base::Clock& clock);
  base::Status Load() REQUIRES_LOCK(mutex_);
  std::shared_ptr<const Credentials> CredentialsOfNow();

  const bool multitenancy_;
  const std::string other_tenant_;
  const base::Clock& clock_;
  base::Mutex mutex_;
  std::optional<base::WatchedFile> file_;  // set once; used under mutex_
  std::shared_ptr<const Credentials> credentials_ GUARDED_BY(mutex_);
  int64_t looked_ns_ GUARDED_BY(mutex_) = 0;
};

}  // namespace clew::access

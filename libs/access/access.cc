// SPDX-License-Identifier: Apache-2.0
#include "access/access.h"

#include <utility>

#include "access/limits.h"
#include "access/tenant_name.h"
#include "base/log.h"

namespace clew::access {
namespace {

constexpr std::string_view kTenantHeader = "x-scope-orgid";

// The tenant that a request names; empty when it names none.
base::Result<std::string, Refusal> NamedTenant(const net::Headers& headers) {
  const std::string_view named = headers.Get(kTenantHeader).value_or("");
  if (named.empty()) return std::string();
  const base::Status checked = CheckTenantName(named);
  if (!checked.ok()) return Refusal{400, "X-Scope-OrgID: " + checked.error().message};
  return std::string(named);
}

using Tenant = std::optional<std::string_view>;

// The tenant of a certificate; nullopt where certificates say nothing.
base::Result<Tenant, Refusal> CertifiedTenant(const Credentials& credentials,
                                              const net::ClientCertificate* certificate) {
  if (certificate == nullptr || !credentials.has_certificates()) return Tenant();
  const Tenant tenant = credentials.TenantOf(*certificate);
  if (tenant) return tenant;
  return Refusal{401,
                 "the certificate that this client shows is of no tenant: neither a DNS name "
                 "or URI in it nor its common name is known here"};
}

// The tenant of a header, which may be absent where there is one already.
base::Result<Tenant, Refusal> AuthorizedTenant(const Credentials& credentials,
                                               std::string_view authorization, Tenant certified) {
  if (authorization.empty() && certified) return certified;
  const Tenant tenant = credentials.TenantOf(authorization);
  if (!tenant) {
    return Refusal{401, authorization.empty()
                            ? "no credentials: send the header Authorization, Bearer or Basic"
                            : "the header Authorization has no credentials that are known here"};
  }
  if (certified && *certified != *tenant) {
    return Refusal{403, "the header Authorization is not for the tenant of the certificate"};
  }
  return tenant;
}

}  // namespace

Access::Access(AccessOptions options, const base::Clock& clock)
    : multitenancy_(options.multitenancy),
      other_tenant_(std::move(options.other_tenant)),
      clock_(clock) {
  if (!options.credentials_file.empty()) file_.emplace(std::move(options.credentials_file));
}

base::Result<std::unique_ptr<Access>> Access::Open(AccessOptions options,
                                                   const base::Clock& clock) {
  std::unique_ptr<Access> access(new Access(std::move(options), clock));
  if (access->file_) {
    const base::MutexLock lock(access->mutex_);
    TRY(access->Load());
  }
  return access;
}

base::Status Access::Load() {
  looked_ns_ = clock_.MonotonicNanos();
  const auto changed = file_->Changed();
  if (!changed) return {};
  if (!changed->ok()) return changed->error();
  credentials_ =
      std::make_shared<const Credentials>(TRY(Credentials::Parse(changed->value(), file_->path())));
  return {};
}

std::shared_ptr<const Credentials> Access::CredentialsOfNow() {
  const base::MutexLock lock(mutex_);
  const std::chrono::nanoseconds since(clock_.MonotonicNanos() - looked_ns_);
  if (since >= kReloadInterval) {
    const base::Status loaded = Load();
    if (!loaded.ok()) base::LogError("the credentials stay as they are: " + loaded.error().message);
  }
  return credentials_;
}

bool Access::has_certificates() {
  return has_credentials() && CredentialsOfNow()->has_certificates();
}

base::Result<std::string, Refusal> Access::TenantOf(const net::Headers& headers,
                                                    const net::ClientCertificate* certificate) {
  if (!tells_tenants_apart()) {
    const bool names_other =
        !other_tenant_.empty() && headers.Get(kTenantHeader).value_or("") == other_tenant_;
    return names_other ? other_tenant_ : std::string();
  }
  base::Result<std::string, Refusal> named = NamedTenant(headers);
  if (!named.ok()) return named;
  if (!has_credentials()) {
    if (!named.value().empty()) return named;
    return Refusal{401, "no tenant: send the header X-Scope-OrgID"};
  }
  const std::shared_ptr<const Credentials> credentials = CredentialsOfNow();
  const Tenant certified = TRY(CertifiedTenant(*credentials, certificate));
  const Tenant tenant =
      TRY(AuthorizedTenant(*credentials, headers.Get("authorization").value_or(""), certified));
  if (!named.value().empty() && named.value() != *tenant) {
    return Refusal{403, "these credentials are not for tenant " + named.value()};
  }
  return std::string(*tenant);
}

}  // namespace clew::access

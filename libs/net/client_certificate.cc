// SPDX-License-Identifier: Apache-2.0
#include "net/client_certificate.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace clew::net {
namespace {

// With a nought in it, too: a name is compared whole.
std::string BytesOf(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<size_t>(ASN1_STRING_length(text))};
}

std::string CommonName(const X509* certificate) {
  const X509_NAME* const subject = X509_get_subject_name(certificate);
  const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (index < 0) return {};
  unsigned char* utf8 = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)));
  if (size < 0) return {};
  std::string name(reinterpret_cast<const char*>(utf8), static_cast<size_t>(size));
  OPENSSL_free(utf8);
  return name;
}

std::vector<std::string> AlternativeNames(const X509* certificate) {
  std::vector<std::string> texts;
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) texts.push_back(BytesOf(name->d.dNSName));
    if (name->type == GEN_URI) texts.push_back(BytesOf(name->d.uniformResourceIdentifier));
  }
  return texts;
}

}  // namespace

std::unique_ptr<const ClientCertificate> ReadClientCertificate(const ssl_st* ssl) {
  const X509* const certificate = SSL_get0_peer_certificate(ssl);
  const bool asked = (SSL_get_verify_mode(ssl) & SSL_VERIFY_PEER) != 0;
  if (certificate == nullptr || !asked || SSL_get_verify_result(ssl) != X509_V_OK) return nullptr;
  return std::make_unique<const ClientCertificate>(ClientCertificate{
      .alternative_names = AlternativeNames(certificate), .common_name = CommonName(certificate)});
}

}  // namespace clew::net

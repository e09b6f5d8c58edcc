// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace clew::ledger {

// Attributes of a client or producer that name whom it calls, the best first: what tells one
// database from another before what kind it is.
inline constexpr std::array<std::string_view, 10> kPeerKeys = {
    "peer.service",     "messaging.destination.name",
    "db.namespace",     "db.name",
    "server.address",   "net.peer.name",
    "db.system.name",   "db.system",
    "messaging.system", "rpc.system"};

// The address of an IP network, or nothing but digits, as Redis has for db.namespace: it is a name
// only when there is no other.
bool IsPoorName(std::string_view name);

}  // namespace clew::ledger

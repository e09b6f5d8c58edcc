// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <string>

#include "base/result.h"

namespace clew::net {

// Why a port cannot be opened, in one sentence fit for a person.
base::Error CannotListen(const std::string& address, uint16_t port,
                         const boost::system::error_code& error);

// The same of an address that is none.
base::Error NoAddress(const std::string& address);

}  // namespace clew::net

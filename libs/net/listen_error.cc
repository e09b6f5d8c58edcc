// SPDX-License-Identifier: Apache-2.0
#include "net/listen_error.h"

#include <boost/asio/error.hpp>

namespace clew::net {

namespace asio = boost::asio;

base::Error CannotListen(const std::string& address, uint16_t port,
                         const boost::system::error_code& error) {
  const std::string where = "port " + std::to_string(port) + " on " + address;
  if (error == asio::error::address_in_use) {
    return {base::ErrorCode::kIo, where + " is in use by another program; choose another port"};
  }
  if (error == asio::error::access_denied) {
    return {base::ErrorCode::kIo, where + " is not permitted to this user; choose one above 1023"};
  }
  return {base::ErrorCode::kIo, "cannot listen on " + where + ": " + error.message()};
}

base::Error NoAddress(const std::string& address) {
  return {base::ErrorCode::kInvalidArgument, "'" + address + "' is not an IP address to listen on"};
}

}  // namespace clew::net

// SPDX-License-Identifier: Apache-2.0

#include "uservice/service_main.h"

int main(int argc, char** argv) {
  using std::chrono::milliseconds;
  clew::demo::ServiceDefinition service;
  service.name = "uservice2";
  service.traced = false;
  service.defaults.listen_port = 8082;
  service.defaults.delay = {milliseconds(1000), milliseconds(1998)};
  return clew::demo::RunService(argc, argv, service);
}

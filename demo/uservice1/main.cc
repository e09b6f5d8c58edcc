// SPDX-License-Identifier: Apache-2.0

#include "uservice/service_main.h"

int main(int argc, char** argv) {
  using std::chrono::milliseconds;
  clew::demo::ServiceDefinition service;
  service.name = "uservice1";
  service.traced = false;
  service.defaults.listen_port = 8081;
  service.defaults.upstream = "http://127.0.0.1:8082/";
  service.defaults.delay = {milliseconds(100), milliseconds(198)};
  return clew::demo::RunService(argc, argv, service);
}

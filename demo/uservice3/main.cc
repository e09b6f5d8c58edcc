// SPDX-License-Identifier: Apache-2.0

#include "uservice/service_main.h"

int main(int argc, char** argv) {
  using std::chrono::milliseconds;
  clew::demo::ServiceDefinition service;
  service.name = "uservice3";
  service.traced = true;
  service.defaults.listen_port = 8083;
  service.defaults.upstream = "http://127.0.0.1:8084/";
  service.defaults.delay = {milliseconds(100), milliseconds(198)};
  return clew::demo::RunService(argc, argv, service);
}

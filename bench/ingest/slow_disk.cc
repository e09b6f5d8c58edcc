// SPDX-License-Identifier: Apache-2.0
// A disk that takes 30 ms more to make anything durable; to be preloaded into a server.
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace {

void Delay() {
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
}

}  // namespace

extern "C" int fdatasync(int descriptor) {
  Delay();
  return static_cast<int>(syscall(SYS_fdatasync, descriptor));
}

extern "C" int fsync(int descriptor) {
  Delay();
  return static_cast<int>(syscall(SYS_fsync, descriptor));
}

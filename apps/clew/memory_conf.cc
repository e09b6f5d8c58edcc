// SPDX-License-Identifier: Apache-2.0
// What jemalloc reads when the process starts; MALLOC_CONF in the environment says otherwise. Pages
// that nobody uses go back to the system within a second, those of threads that sleep too, or what
// one query took would be kept until the next.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "background_thread:true,dirty_decay_ms:400,narenas_ratio:1";
}

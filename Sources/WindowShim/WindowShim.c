#define _GNU_SOURCE
#include "WindowShim.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static _Thread_local struct {
  char *at;
  size_t size;
  volatile size_t good;
} window;

static size_t page;

/// A file that was cut off has no page any more, and the kernel would end the program: the rest of the window becomes
/// zeros. Whatever else is wrong is done again, and ends the program as it would have.
static void on_bus(int number, siginfo_t *info, void *context) {
  (void)context;
  size_t place = (uintptr_t)info->si_addr - (uintptr_t)window.at;
  if (window.at && place < window.size) {
    place -= place % page;
    if (mmap(window.at + place, window.size - place, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
        MAP_FAILED) {
      if (place < window.good) window.good = place;
      return;
    }
  }
  signal(number, SIG_DFL);
}

static void install(void) {
  struct sigaction action = {.sa_sigaction = on_bus, .sa_flags = SA_SIGINFO};
  sigemptyset(&action.sa_mask);
  page = (size_t)sysconf(_SC_PAGESIZE);
  sigaction(SIGBUS, &action, NULL);
}

bool gc_map(void *at, size_t size, int file, size_t offset) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
  window.at = NULL;
  if (mmap(at, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, (off_t)offset) == MAP_FAILED) {
    // The memory that was there may be gone.
    mmap(at, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    return false;
  }
  window.at = at;
  window.size = window.good = size;
  return true;
}

size_t gc_mapped(void) { return window.good; }

void gc_unmap(void *at, size_t size) {
  if (window.at >= (char *)at && window.at < (char *)at + size) window.at = NULL;
  munmap(at, size);
}

// What newer C libraries have and glibc 2.17 has not; scripts/release.sh links it in.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <resolv.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

// libgcc asks it for unwind tables, of which the binary has none.
int _dl_find_object(void *address, void *result) {
  (void)address, (void)result;
  return -1;
}

// libstdc++ spares itself atomic counts where this is not 0; it is always right to count.
char __libc_single_threaded = 0;

// From 2.25 on. Kernels before 3.17 have only the device.
int getentropy(void *buffer, size_t length) {
  long count = syscall(SYS_getrandom, buffer, length, 0);
  if (count < 0 && errno == ENOSYS) {
    int device = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    if (device < 0) return -1;
    count = read(device, buffer, length);
    close(device);
  }
  return count == (long)length ? 0 : -1;
}

// The resolver came into the C library with 2.34. Before, it is one of its own, with other names, which no other command
// than the one that asks it should load.
static void *resolver(const char *name) {
  char old[32];
  void *found = dlsym(RTLD_DEFAULT, name);
  if (found) return found;
  void *library = dlopen("libresolv.so.2", RTLD_LAZY);
  snprintf(old, sizeof old, "__%s", name);
  return library ? dlsym(library, old) : NULL;
}

typedef int (*asking)(res_state, const char *, int, int, unsigned char *, int);

int res_nquery(res_state state, const char *name, int class, int type, unsigned char *answer, int size) {
  asking ask = (asking)resolver("res_nquery");
  return ask ? ask(state, name, class, type, answer, size) : -1;
}

int res_nsearch(res_state state, const char *name, int class, int type, unsigned char *answer, int size) {
  asking ask = (asking)resolver("res_nsearch");
  return ask ? ask(state, name, class, type, answer, size) : -1;
}

int dn_skipname(const unsigned char *name, const unsigned char *end) {
  int (*skip)(const unsigned char *, const unsigned char *) =
      (int (*)(const unsigned char *, const unsigned char *))resolver("dn_skipname");
  return skip ? skip(name, end) : -1;
}

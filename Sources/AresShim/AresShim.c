// Later releases warn of calls whose successors 1.18 does not have.
#define CARES_NO_DEPRECATED
#include "AresShim.h"

#if !__has_include(<ares.h>)
#error "gatecheck needs the headers of c-ares: apt-get install libc-ares-dev"
#endif
#include <ares.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

struct gc_dns {
  ares_channel channel;
  enum gc_dns_state state;
  unsigned char *answer;
  int length;
};

static void prepare(void) { ares_library_init(ARES_LIB_INIT_ALL); }

gc_dns *gc_dns_open(const char *address, int milliseconds) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, prepare);
  gc_dns *server = calloc(1, sizeof *server);
  if (!server) return NULL;
  // Each try has twice the time of the one before. Nothing of this machine counts, its resolv.conf neither.
  struct ares_options options = {
      .flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH,
      .timeout = milliseconds / 7 + 1,
      .tries = 3,
      .lookups = "b",
      .resolvconf_path = "/dev/null",
  };
  int given = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_RESOLVCONF;
  if (ares_init_options(&server->channel, &options, given) == ARES_SUCCESS) {
    if (ares_set_servers_ports_csv(server->channel, address) == ARES_SUCCESS) return server;
    ares_destroy(server->channel);
  }
  free(server);
  return NULL;
}

void gc_dns_close(gc_dns *server) {
  if (!server) return;
  ares_destroy(server->channel);
  free(server->answer);
  free(server);
}

static void finish(void *context, int status, int timeouts, unsigned char *bytes, int length) {
  gc_dns *server = context;
  (void)timeouts;
  server->state = status == ARES_ETIMEOUT ? gc_dns_timed_out : gc_dns_unreachable;
  if (status != ARES_SUCCESS || length <= 0 || !(server->answer = malloc((size_t)length))) return;
  memcpy(server->answer, bytes, (size_t)length);
  server->length = length;
  server->state = gc_dns_answered;
}

bool gc_dns_ask(gc_dns *server, const char *name, int type) {
  ares_cancel(server->channel);
  free(server->answer);
  server->answer = NULL;
  server->length = 0;
  server->state = gc_dns_waiting;
  unsigned char *question = NULL;
  int length = 0;
  // c-ares puts in an id of its own when it sends. Without a size of answers, there is no EDNS.
  if (ares_create_query(name, 1, type, 0, 1, &question, &length, 0) != ARES_SUCCESS) return false;
  ares_send(server->channel, question, length, finish, server);
  ares_free_string(question);
  return true;
}

enum gc_dns_state gc_dns_wait(gc_dns *server, int milliseconds) {
  if (server->state != gc_dns_waiting) return server->state;
  ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
  struct pollfd polls[ARES_GETSOCK_MAXNUM];
  nfds_t count = 0;
  int wanted = ares_getsock(server->channel, sockets, ARES_GETSOCK_MAXNUM);
  for (int index = 0; index < ARES_GETSOCK_MAXNUM; index++) {
    short events = (short)((ARES_GETSOCK_READABLE(wanted, index) ? POLLIN : 0) |
                           (ARES_GETSOCK_WRITABLE(wanted, index) ? POLLOUT : 0));
    if (events) polls[count++] = (struct pollfd){.fd = sockets[index], .events = events};
  }
  struct timeval limit = {milliseconds / 1000, milliseconds % 1000 * 1000}, left;
  struct timeval *wait = ares_timeout(server->channel, &limit, &left);
  int ready = poll(polls, count, (int)(wait->tv_sec * 1000 + (wait->tv_usec + 999) / 1000));
  if (ready <= 0) ares_process_fd(server->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  for (nfds_t index = 0; ready > 0 && index < count; index++) {
    // Never both of one: where writing closed it, its number may be that of another by now.
    ares_socket_t socket = polls[index].fd;
    if (polls[index].revents & POLLOUT) {
      ares_process_fd(server->channel, ARES_SOCKET_BAD, socket);
    } else if (polls[index].revents) {
      ares_process_fd(server->channel, socket, ARES_SOCKET_BAD);
    }
  }
  return server->state;
}

const unsigned char *gc_dns_answer(const gc_dns *server, int *length) {
  *length = server->length;
  return server->answer;
}

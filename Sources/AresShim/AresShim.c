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
  ares_channel udp, tcp;
};

struct gc_question {
  gc_dns *server;
  enum gc_dns_state state;
  bool over_tcp, dropped;
  unsigned char *asked, *answer;
  int asked_length, length;
};

static void prepare(void) { ares_library_init(ARES_LIB_INIT_ALL); }

static bool open_channel(ares_channel *channel, const char *address, int milliseconds, int flags) {
  // Each try has twice the time of the one before. Nothing of this machine counts, its resolv.conf neither.
  struct ares_options options = {
      .flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH | flags,
      .timeout = milliseconds / 7 + 1,
      .tries = 3,
      .lookups = "b",
      .resolvconf_path = "/dev/null",
      // For the answers to many questions at once.
      .socket_receive_buffer_size = 1 << 20,
  };
  int given = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_RESOLVCONF |
              ARES_OPT_SOCK_RCVBUF;
  if (ares_init_options(channel, &options, given) != ARES_SUCCESS) return false;
  if (ares_set_servers_ports_csv(*channel, address) == ARES_SUCCESS) return true;
  ares_destroy(*channel);
  return false;
}

gc_dns *gc_dns_open(const char *address, int milliseconds) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, prepare);
  gc_dns *server = calloc(1, sizeof *server);
  if (!server) return NULL;
  if (open_channel(&server->udp, address, milliseconds, ARES_FLAG_IGNTC)) {
    if (open_channel(&server->tcp, address, milliseconds, ARES_FLAG_USEVC)) return server;
    ares_destroy(server->udp);
  }
  free(server);
  return NULL;
}

void gc_dns_close(gc_dns *server) {
  if (!server) return;
  ares_destroy(server->udp);
  ares_destroy(server->tcp);
  free(server);
}

static void release(gc_question *question) {
  free(question->asked);
  free(question->answer);
  free(question);
}

static void finish(void *context, int status, int timeouts, unsigned char *bytes, int length) {
  gc_question *question = context;
  (void)timeouts;
  if (question->dropped) return release(question);
  bool answered = status == ARES_SUCCESS && length > 0;
  // Of an answer over UDP c-ares leaves 512 bytes.
  if (answered && !question->over_tcp && length > 2 && (bytes[2] & 2 || length >= 512)) {
    question->over_tcp = true;
    return ares_send(question->server->tcp, question->asked, question->asked_length, finish, question);
  }
  if (answered && (question->answer = malloc((size_t)length))) {
    memcpy(question->answer, bytes, (size_t)length);
    question->length = length;
    question->state = gc_dns_answered;
  } else if (question->over_tcp) {
    question->state = gc_dns_cut;
  } else {
    question->state = status == ARES_ETIMEOUT ? gc_dns_timed_out : gc_dns_unreachable;
  }
}

gc_question *gc_dns_ask(gc_dns *server, const char *name, int type, unsigned short id, int size) {
  gc_question *question = calloc(1, sizeof *question);
  if (!question) return NULL;
  question->server = server;
  unsigned char *bytes = NULL;
  if (ares_create_query(name, 1, type, id, 1, &bytes, &question->asked_length, size) == ARES_SUCCESS &&
      (question->asked = malloc((size_t)question->asked_length))) {
    memcpy(question->asked, bytes, (size_t)question->asked_length);
    ares_free_string(bytes);
    ares_send(server->udp, question->asked, question->asked_length, finish, question);
    return question;
  }
  if (bytes) ares_free_string(bytes);
  release(question);
  return NULL;
}

static nfds_t collect(ares_channel channel, struct pollfd *polls) {
  ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
  nfds_t count = 0;
  int wanted = ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
  for (int index = 0; index < ARES_GETSOCK_MAXNUM; index++) {
    short events = (short)((ARES_GETSOCK_READABLE(wanted, index) ? POLLIN : 0) |
                           (ARES_GETSOCK_WRITABLE(wanted, index) ? POLLOUT : 0));
    if (events) polls[count++] = (struct pollfd){.fd = sockets[index], .events = events};
  }
  return count;
}

static void process(ares_channel channel, const struct pollfd *polls, nfds_t count) {
  bool ready = false;
  for (nfds_t index = 0; index < count; index++) {
    // Never both of one: where writing closed it, its number may be that of another by now.
    ares_socket_t socket = polls[index].fd;
    if (!polls[index].revents) continue;
    ready = true;
    bool writes = polls[index].revents & POLLOUT;
    ares_process_fd(channel, writes ? ARES_SOCKET_BAD : socket, writes ? socket : ARES_SOCKET_BAD);
  }
  if (!ready) ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

void gc_dns_wait(gc_dns *server, int milliseconds) {
  struct pollfd polls[2 * ARES_GETSOCK_MAXNUM];
  nfds_t udp = collect(server->udp, polls), tcp = collect(server->tcp, polls + udp);
  struct timeval limit = {milliseconds / 1000, milliseconds % 1000 * 1000}, left[2];
  struct timeval *wait = ares_timeout(server->tcp, ares_timeout(server->udp, &limit, &left[0]), &left[1]);
  poll(polls, udp + tcp, (int)(wait->tv_sec * 1000 + (wait->tv_usec + 999) / 1000));
  process(server->udp, polls, udp);
  process(server->tcp, polls + udp, tcp);
}

enum gc_dns_state gc_dns_state(const gc_question *question) { return question->state; }

const unsigned char *gc_dns_answer(const gc_question *question, int *length) {
  *length = question->length;
  return question->answer;
}

void gc_dns_drop(gc_question *question) {
  if (question->state == gc_dns_waiting) {
    question->dropped = true;
  } else {
    release(question);
  }
}

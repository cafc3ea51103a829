#include "ZooKeeperShim.h"

#if !__has_include(<zookeeper/zookeeper.h>)
#error "gatecheck needs the headers of ZooKeeper: apt-get install libzookeeper-mt-dev"
#endif
#define THREADED 1
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zookeeper/zookeeper.h>

struct gc_zookeeper {
  zhandle_t *handle;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int state;
  bool lost;
  char *answer;
  size_t length;
  void (*ring)(void *);
  void *context;
};

/// The library would connect anew by itself, and say nothing of what changed meanwhile.
static void notice(zhandle_t *handle, int type, int state, const char *path, void *context) {
  (void)handle, (void)path;
  gc_zookeeper *session = context;
  if (type == ZOO_SESSION_EVENT) {
    if (state == ZOO_CONNECTED_STATE) return;
    pthread_mutex_lock(&session->lock);
    session->lost = true;
    pthread_mutex_unlock(&session->lock);
  }
  if (session->ring) session->ring(session->context);
}

gc_zookeeper *gc_zookeeper_open(const char *server, int milliseconds, void (*ring)(void *), void *context) {
  gc_zookeeper *session = calloc(1, sizeof *session);
  if (!session) return NULL;
  session->ring = ring;
  session->context = context;
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_mutex_init(&session->lock, NULL);
  pthread_cond_init(&session->changed, &clock);
  pthread_condattr_destroy(&clock);
  // Else each retry is a line on standard error.
  zoo_set_debug_level((ZooLogLevel)0);
  session->handle = zookeeper_init2(server, notice, milliseconds, NULL, session, ZOO_NO_LOG_CLIENTENV, NULL);
  if (session->handle) return session;
  gc_zookeeper_close(session);
  return NULL;
}

void gc_zookeeper_close(gc_zookeeper *session) {
  if (!session) return;
  // What is still asked is answered by this, with an error.
  if (session->handle) zookeeper_close(session->handle);
  pthread_cond_destroy(&session->changed);
  pthread_mutex_destroy(&session->lock);
  free(session->answer);
  free(session);
}

/// Takes over the answer, which may be NULL.
static void finish(gc_zookeeper *session, int state, char *answer, size_t length) {
  pthread_mutex_lock(&session->lock);
  session->state = state;
  session->answer = answer;
  session->length = length;
  pthread_cond_signal(&session->changed);
  pthread_mutex_unlock(&session->lock);
}

static void take_data(int code, const char *value, int length, const struct Stat *stat, const void *context) {
  (void)stat;
  char *copy = NULL;
  if (code == ZOK && value && length >= 0) {
    copy = malloc((size_t)length + 1);
    if (copy) memcpy(copy, value, (size_t)length);
    else code = ZSYSTEMERROR;
  }
  finish((gc_zookeeper *)context, code, copy, copy ? (size_t)length : 0);
}

static void take_names(int code, const struct String_vector *names, const void *context) {
  size_t length = 0;
  for (int index = 0; code == ZOK && index < names->count; index++) length += strlen(names->data[index]) + 1;
  char *copy = malloc(length + 1), *at = copy;
  if (!copy) code = ZSYSTEMERROR;
  for (int index = 0; code == ZOK && index < names->count; index++)
    at = stpcpy(at, names->data[index]) + 1;
  finish((gc_zookeeper *)context, code, copy, code == ZOK ? length : 0);
}

static void take_watch(int code, const struct Stat *stat, const void *context) {
  (void)stat;
  finish((gc_zookeeper *)context, code, NULL, 0);
}

int gc_zookeeper_ask(gc_zookeeper *session, const char *path, enum gc_zookeeper_question question) {
  pthread_mutex_lock(&session->lock);
  bool lost = session->lost;
  pthread_mutex_unlock(&session->lock);
  if (lost) return ZCONNECTIONLOSS;
  free(session->answer);
  session->answer = NULL;
  session->length = 0;
  session->state = gc_zookeeper_waiting;
  switch (question) {
  case gc_zookeeper_names: return zoo_aget_children(session->handle, path, 0, take_names, session);
  case gc_zookeeper_watch: return zoo_awexists(session->handle, path, notice, session, take_watch, session);
  default: return zoo_aget(session->handle, path, 0, take_data, session);
  }
}

int gc_zookeeper_wait(gc_zookeeper *session, int milliseconds) {
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_nsec += milliseconds % 1000 * 1000000L;
  end.tv_sec += milliseconds / 1000 + end.tv_nsec / 1000000000L;
  end.tv_nsec %= 1000000000L;
  pthread_mutex_lock(&session->lock);
  while (session->state == gc_zookeeper_waiting &&
         pthread_cond_timedwait(&session->changed, &session->lock, &end) != ETIMEDOUT) {
  }
  int state = session->state;
  pthread_mutex_unlock(&session->lock);
  return state;
}

const char *gc_zookeeper_answer(const gc_zookeeper *session, size_t *length) {
  *length = session->length;
  return session->answer;
}

int gc_zookeeper_connect(const char *host, const char *port) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG}, *found = NULL;
  if (getaddrinfo(host, port, &hints, &found)) return -1;
  int connection = -1;
  for (struct addrinfo *at = found; at && connection < 0; at = at->ai_next) {
    connection = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connection < 0) continue;
    if (!connect(connection, at->ai_addr, at->ai_addrlen) || errno == EINPROGRESS) break;
    close(connection);
    connection = -1;
  }
  freeaddrinfo(found);
  return connection;
}

int gc_zookeeper_send(int connection, const char *word, int milliseconds) {
  struct pollfd wait = {.fd = connection, .events = POLLOUT};
  if (poll(&wait, 1, milliseconds) <= 0) return 0;
  return send(connection, word, strlen(word), MSG_NOSIGNAL) == (ssize_t)strlen(word) ? 1 : -1;
}

int gc_zookeeper_read(int connection, char *buffer, size_t capacity, int milliseconds) {
  struct pollfd wait = {.fd = connection, .events = POLLIN};
  if (poll(&wait, 1, milliseconds) <= 0) return -1;
  ssize_t count = recv(connection, buffer, capacity, 0);
  return count >= 0 ? (int)count : errno == EAGAIN || errno == EINTR ? -1 : -2;
}

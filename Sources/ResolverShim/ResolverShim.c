#include "ResolverShim.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

typedef int (*asking)(res_state, const char *, int, int, unsigned char *, int);

/// Adds the addresses of one answer (RFC 1035, 4); how many there were.
static int add(const unsigned char *answer, int length, int type, int family, char *text, size_t size) {
  const unsigned char *at = answer + NS_HFIXEDSZ, *end = answer + length;
  int found = 0, size_of_address = family == AF_INET ? 4 : 16;
  if (length < NS_HFIXEDSZ) return 0;
  int questions = answer[4] << 8 | answer[5], records = answer[6] << 8 | answer[7];
  for (int index = 0; index < questions + records; index++) {
    int name = dn_skipname(at, end);
    int fixed = index < questions ? NS_QFIXEDSZ : NS_RRFIXEDSZ;
    if (name < 0 || end - at < name + fixed) break;
    const unsigned char *record = at + name;
    at = record + fixed;
    if (index < questions) continue;
    int data = record[8] << 8 | record[9];
    if (end - at < data) break;
    char address[INET6_ADDRSTRLEN];
    if ((record[0] << 8 | record[1]) == type && data == size_of_address &&
        inet_ntop(family, at, address, sizeof address) && strlen(text) + strlen(address) + 2 <= size) {
      strcat(strcat(text, address), " ");
      found++;
    }
    at += data;
  }
  return found;
}

/// Makes an address the one server to ask.
static bool choose(res_state state, const char *address, unsigned short port) {
  struct sockaddr_in *four = &state->nsaddr_list[0];
  memset(four, 0, sizeof *four);
  state->nscount = 1;
  four->sin_port = htons(port);
  if (inet_pton(AF_INET, address, &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    return true;
  }
  // Where the list has none, the C library takes what it keeps beside it: those of IPv6. It frees that itself.
  struct sockaddr_in6 *six = calloc(1, sizeof *six);
  free(state->_u._ext.nsaddrs[0]);
  state->_u._ext.nsaddrs[0] = six;
  if (!six || inet_pton(AF_INET6, address, &six->sin6_addr) != 1) return false;
  six->sin6_family = AF_INET6;
  six->sin6_port = htons(port);
  return true;
}

int gc_look_up(const char *name, const char *server, unsigned short port, bool searches, int seconds, char *text,
               size_t size) {
  struct __res_state state;
  memset(&state, 0, sizeof state);
  text[0] = 0;
  if (res_ninit(&state)) return NO_RECOVERY;
  int result = choose(&state, server, port) ? NO_DATA : NO_RECOVERY;
  state.retrans = seconds;
  state.retry = 1;
  asking ask = searches ? res_nsearch : res_nquery;
  unsigned char answer[NS_MAXMSG];
  const int kinds[2][2] = {{ns_t_a, AF_INET}, {ns_t_aaaa, AF_INET6}};
  for (int kind = 0; kind < 2 && result == NO_DATA; kind++) {
    int length = ask(&state, name, ns_c_in, kinds[kind][0], answer, sizeof answer);
    if (length < 0) {
      result = state.res_h_errno > 0 ? state.res_h_errno : TRY_AGAIN;
    } else if (add(answer, length, kinds[kind][0], kinds[kind][1], text, size) > 0) {
      result = 0;
    }
  }
  res_nclose(&state);
  return result;
}

// DNS questions to name servers of one's own, by the resolver of the C library.
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct gc_server {
  /// IPv4.
  const char *address;
  int port;
};

/// The addresses of a name, A records, else AAAA, as text with a blank behind each, as far as they fit. The first three
/// servers are asked in their order, by this machine's resolv.conf otherwise: its search list where `searches`.
/// 0, or one of netdb.h's: HOST_NOT_FOUND, TRY_AGAIN, NO_RECOVERY, NO_DATA. Each server is asked once and has a second;
/// where there is time, twice with two.
int gc_look_up(const char *name, const struct gc_server *servers, size_t count, bool searches, bool has_time, char *text,
               size_t size);

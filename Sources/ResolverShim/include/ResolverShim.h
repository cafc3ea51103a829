// DNS questions to a name server of one's own, by the resolver of the C library.
#pragma once
#include <stdbool.h>
#include <stddef.h>

/// The addresses of a name, A records, else AAAA, as text with a blank behind each, as far as they fit. The server, an
/// IPv4 or IPv6 address, is asked once and has that many seconds; this machine's resolv.conf says all else: the search
/// list where `searches`. 0, or one of netdb.h's: HOST_NOT_FOUND, TRY_AGAIN, NO_RECOVERY, NO_DATA.
int gc_look_up(const char *name, const char *server, unsigned short port, bool searches, int seconds, char *text,
               size_t size);

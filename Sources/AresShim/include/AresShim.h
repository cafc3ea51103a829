// Questions to one name server, by c-ares: over UDP, and over TCP where the answer is cut, without EDNS.
#pragma once
#include <stdbool.h>

/// One server and the question that it is asked; not for two threads at once.
typedef struct gc_dns gc_dns;

enum gc_dns_state {
  gc_dns_waiting,
  gc_dns_answered,
  gc_dns_timed_out,
  /// The port is closed, or no way leads there.
  gc_dns_unreachable,
};

/// The server is `127.0.0.1:53` or `[::1]:53`, and has that long for an answer. NULL when out of memory.
gc_dns *gc_dns_open(const char *server, int milliseconds);
void gc_dns_close(gc_dns *server);

/// Sends a question; one that is under way is dropped. False for a name that none can hold. A dot or backslash of a label
/// has a backslash before it.
bool gc_dns_ask(gc_dns *server, const char *name, int type);
/// Waits for the answer, so long at most.
enum gc_dns_state gc_dns_wait(gc_dns *server, int milliseconds);
/// The answer's bytes, once there is one: to the question, from the server asked. They last until the next question.
const unsigned char *gc_dns_answer(const gc_dns *server, int *length);

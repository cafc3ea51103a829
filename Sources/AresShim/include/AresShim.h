// Questions to one name server, by c-ares: over UDP, and over TCP where the answer is cut.
#pragma once
#include <stdbool.h>

/// One server; not for two threads at once.
typedef struct gc_dns gc_dns;
/// What it is asked.
typedef struct gc_question gc_question;

enum gc_dns_state {
  gc_dns_waiting,
  gc_dns_answered,
  gc_dns_timed_out,
  /// The port is closed, or no way leads there.
  gc_dns_unreachable,
  /// The answer over UDP is cut, and over TCP there is none.
  gc_dns_cut,
};

/// The server is `127.0.0.1:53` or `[::1]:53`, and has that long for an answer. NULL when out of memory.
gc_dns *gc_dns_open(const char *server, int milliseconds);
/// What it was asked is dropped before.
void gc_dns_close(gc_dns *server);

/// Sends a question beside those that are under way, with an id that nobody can guess and none of them has. NULL for a
/// name that none can hold. A dot or backslash of a label has a backslash before it.
/// - size: of the datagrams that may come, told by EDNS; 0 for a question without it.
gc_question *gc_dns_ask(gc_dns *server, const char *name, int type, unsigned short id, int size);
/// Waits for an answer to any question, so long at most.
void gc_dns_wait(gc_dns *server, int milliseconds);
enum gc_dns_state gc_dns_state(const gc_question *question);
/// The answer's bytes, once there is one: to the question, from the server asked.
const unsigned char *gc_dns_answer(const gc_question *question, int *length);
/// Ends it, answered or not.
void gc_dns_drop(gc_question *question);

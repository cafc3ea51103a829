// Questions to one ZooKeeper server: a four-letter word on a connection of its own, and znodes by a session of
// ZooKeeper's own library, which says nothing on standard error.
#pragma once
#include <stddef.h>

/// A session with one server, for one thread. Its two threads run from the first question until it is closed.
typedef struct gc_zookeeper gc_zookeeper;

/// Negative numbers are the library's: -101 no such znode, -102 not allowed, and so on.
enum gc_zookeeper_state {
  gc_zookeeper_answered = 0,
  gc_zookeeper_waiting = 1,
};

/// What is asked of a znode: its data, the names below it, or a watch for the next change, whether it is there or not.
enum gc_zookeeper_question { gc_zookeeper_data, gc_zookeeper_names, gc_zookeeper_watch };

/// The server is `127.0.0.1:2181` or `[::1]:2181`. NULL when out of memory, or where no thread is to be had.
/// `ring` is called, on another thread and until the session is closed, when a watched znode is made, set or deleted,
/// and when the connection is gone. From then on each question ends with -4.
gc_zookeeper *gc_zookeeper_open(const char *server, int milliseconds, void (*ring)(void *), void *context);
void gc_zookeeper_close(gc_zookeeper *session);

/// Asks; only where no other question waits. 0, or the error.
int gc_zookeeper_ask(gc_zookeeper *session, const char *path, enum gc_zookeeper_question question);
/// Waits for the answer, so long at most: one of the states above, or the error.
int gc_zookeeper_wait(gc_zookeeper *session, int milliseconds);
/// The answer: the data, or the names, each with a zero behind it. NULL for a znode that holds nothing, not even an
/// empty text. Lasts until the next question.
const char *gc_zookeeper_answer(const gc_zookeeper *session, size_t *length);

/// A connection that is being made, to send a word of four letters over; -1 where there is none.
int gc_zookeeper_connect(const char *host, const char *port);
/// Sends it all once the connection is made, and waits so long at most: whether it went, or -1 where it never will.
int gc_zookeeper_send(int connection, const char *word, int milliseconds);
/// Waits for what can be read, so long at most: how many bytes, 0 at the end, -1 where nothing came yet, -2 if broken.
int gc_zookeeper_read(int connection, char *buffer, size_t capacity, int milliseconds);

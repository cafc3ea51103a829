#pragma once

#include <stdbool.h>
#include <stddef.h>

/// Puts a part of a file, to be read only, in place of the memory at a page: the window of this thread, which has one.
bool gc_map(void *at, size_t size, int file, size_t offset);

/// How many bytes of the window are the file's: fewer than were asked for where it was cut off since, or its disk
/// failed; what follows them reads as zeros then.
size_t gc_mapped(void);

/// Gives the memory back, with the window if it lies there.
void gc_unmap(void *at, size_t size);

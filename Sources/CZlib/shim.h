#if !__has_include(<zlib.h>)
#error "gatecheck needs the headers of zlib: apt-get install zlib1g-dev"
#endif
#include <zlib.h>
// For Inputs/Heap.
#include <malloc.h>

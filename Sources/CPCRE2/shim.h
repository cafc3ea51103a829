#if !__has_include(<pcre2.h>)
#error "gatecheck needs the headers of libpcre2: apt-get install libpcre2-dev"
#endif
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

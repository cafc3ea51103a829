#if !__has_include(<curl/curl.h>)
#error "gatecheck needs the headers of libcurl: apt-get install libcurl4-openssl-dev"
#endif
#include <curl/curl.h>

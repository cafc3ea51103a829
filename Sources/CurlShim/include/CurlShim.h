// Typed wrappers around libcurl, which is looked up on first use and never linked: commands that stay
// offline neither load it (5 ms, 30 libraries) nor need it installed. No other file names a symbol of it.
// Except for gc_load, call nothing here before gc_load has returned NULL.
#pragma once
#include <curl/curl.h>
#include <stdbool.h>

typedef size_t (*gc_data_callback)(char *data, size_t size, size_t count, void *context);
typedef int (*gc_trace_callback)(CURL *easy, curl_infotype kind, char *data, size_t size, void *context);

/// Loads libcurl once a process, thread-safe. NULL when it is ready, else a text that names the package to install.
const char *gc_load(void);
/// "libcurl 7.88.1 of this system, OpenSSL/3.0.19": which one is used.
const char *gc_library(void);
const char *gc_error_text(CURLcode code);

CURL *gc_easy_init(void);
void gc_easy_cleanup(CURL *easy);
// As new, but for its buffers and what it knows of servers.
void gc_easy_reset(CURL *easy);

CURLcode gc_set_long(CURL *easy, CURLoption option, long value);
CURLcode gc_set_text(CURL *easy, CURLoption option, const char *value);
CURLcode gc_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode gc_set_list(CURL *easy, CURLoption option, struct curl_slist *value);
/// libcurl keeps its own copy of the bytes.
CURLcode gc_set_blob(CURL *easy, CURLoption option, const void *bytes, size_t count);
CURLcode gc_set_callback(CURL *easy, CURLoption option, gc_data_callback callback);
/// Has the TLS library itself verify the certificate for a name or address, whatever name the handshake asks for. The
/// text is not copied. False where libcurl has another library than OpenSSL.
bool gc_verify_name(CURL *easy, char *name);
/// Hands over what libcurl tells of its doings; nothing is printed.
CURLcode gc_set_trace(CURL *easy, gc_trace_callback callback);
/// libcurl keeps its own copy of the body.
CURLcode gc_set_body(CURL *easy, const void *bytes, size_t count);
/// Only http and https, by the option that this libcurl has: the one of 7.85 or the older bit mask.
CURLcode gc_set_http_only(CURL *easy);
/// A name server that does not answer must not hold up the end of a transfer (7.87; older ones wait).
void gc_set_quick_exit(CURL *easy);

long gc_get_long(CURL *easy, CURLINFO info);
curl_off_t gc_get_offset(CURL *easy, CURLINFO info);
/// Owned by the handle, may be NULL.
const char *gc_get_text(CURL *easy, CURLINFO info);
/// The peer's chain, asked for with CURLOPT_CERTINFO: how many certificates, and the "Name:value" lines of one.
int gc_certificate_count(CURL *easy);
const struct curl_slist *gc_certificate(CURL *easy, int index);
/// What a CONNECT_ONLY handle can read now. CURLE_AGAIN: nothing yet.
CURLcode gc_receive(CURL *easy, void *buffer, size_t capacity, size_t *count);

/// The list with a copy of the line at its end, or NULL when out of memory (the list is then unchanged).
struct curl_slist *gc_list_append(struct curl_slist *list, const char *line);
void gc_list_free(struct curl_slist *list);

CURLM *gc_multi_init(void);
void gc_multi_cleanup(CURLM *multi);
CURLMcode gc_multi_add(CURLM *multi, CURL *easy);
CURLMcode gc_multi_remove(CURLM *multi, CURL *easy);
CURLMcode gc_multi_perform(CURLM *multi, int *running);
CURLMcode gc_multi_poll(CURLM *multi, int milliseconds);
/// The next finished transfer; false when there is none.
bool gc_multi_finished(CURLM *multi, CURL **easy, CURLcode *result);

/// NULL when libcurl cannot read it as an absolute URL. Free with gc_url_free.
CURLU *gc_url_parse(const char *text);
void gc_url_free(CURLU *url);
/// NULL when the URL has no such part. Free with gc_text_free.
char *gc_url_part(CURLU *url, CURLUPart part);
CURLUcode gc_url_set_part(CURLU *url, CURLUPart part, const char *value);
void gc_text_free(char *text);

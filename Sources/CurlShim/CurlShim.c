// The calls go through pointers, which the checking macros of curl.h do not know.
#define CURL_DISABLE_TYPECHECK
#include "CurlShim.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What is used of libcurl. curl_url_set and CAINFO_BLOB make 7.77 (2021) the oldest that will do.
#define OLDEST 0x074D00
#define SYMBOLS(use) \
  use(curl_easy_cleanup) use(curl_easy_getinfo) use(curl_easy_init) use(curl_easy_recv) use(curl_easy_reset) \
  use(curl_easy_setopt) use(curl_easy_strerror) use(curl_free) use(curl_global_init) use(curl_multi_add_handle) \
  use(curl_multi_cleanup) use(curl_multi_info_read) use(curl_multi_init) use(curl_multi_perform) \
  use(curl_multi_poll) use(curl_multi_remove_handle) use(curl_slist_append) use(curl_slist_free_all) use(curl_url) \
  use(curl_url_cleanup) use(curl_url_get) use(curl_url_set) use(curl_version_info)

// Options younger than the oldest headers this builds with, by number.
#define OPTION_PROTOCOLS_STR ((CURLoption)10318)
#define OPTION_PROTOCOLS ((CURLoption)181)
#define OPTION_QUICK_EXIT ((CURLoption)322)
#define BIT_HTTP_AND_HTTPS 3L

#define FIELD(name) __typeof__(name) *name;
static struct { SYMBOLS(FIELD) } curl;

// OpenSSL's, found beside the libcurl that was built with it.
static struct {
  void *(*parameters)(void *context);
  int (*set_host)(void *parameters, const char *name, size_t length);
  int (*set_address)(void *parameters, const char *address);
} tls;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[256], description[128];

// What the running system calls the package, by the file that its package manager leaves.
static const char *package(void) {
  static const struct { const char *file, *command; } managers[] = {
    {"/usr/bin/dpkg", "apt-get install libcurl4"}, {"/lib/apk/db/installed", "apk add libcurl"},
    {"/usr/bin/zypper", "zypper install libcurl4"}, {"/usr/bin/pacman", "pacman -S curl"},
    {"/usr/bin/microdnf", "microdnf install libcurl"}, {"/usr/bin/dnf", "dnf install libcurl"},
    {"/usr/bin/yum", "yum install libcurl"},
  };
  for (size_t i = 0; i < sizeof managers / sizeof *managers; i++)
    if (access(managers[i].file, F_OK) == 0) return managers[i].command;
  return "install libcurl";
}

/// False, with `failure` set, where the system has none that will do.
static bool use_system(void) {
  void *handle = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL);
  if (!handle) {
    snprintf(failure, sizeof failure, "libcurl.so.4 cannot be loaded; install it: %s", package());
    return false;
  }
#define LOOK_UP(name) \
  if (!(curl.name = (__typeof__(name) *)dlsym(handle, #name))) { \
    snprintf(failure, sizeof failure, "libcurl has no %s, 7.77 or newer is needed: %s", #name, package()); \
    dlclose(handle); \
    return false; \
  }
  SYMBOLS(LOOK_UP)
  const curl_version_info_data *version = curl.curl_version_info(CURLVERSION_NOW);
  if (version->version_num < OLDEST) {
    snprintf(failure, sizeof failure, "libcurl %.20s is too old, 7.77 or newer is needed: %s", version->version,
             package());
    dlclose(handle);
    return false;
  }
  if (version->ssl_version && strncmp(version->ssl_version, "OpenSSL/", 8) == 0) {
    *(void **)&tls.set_host = dlsym(handle, "X509_VERIFY_PARAM_set1_host");
    *(void **)&tls.set_address = dlsym(handle, "X509_VERIFY_PARAM_set1_ip_asc");
    if (tls.set_host && tls.set_address) *(void **)&tls.parameters = dlsym(handle, "SSL_CTX_get0_param");
  }
  return true;
}

static bool is_own;

#ifdef GATECHECK_OWN_CURL
#include <openssl/ssl.h>

// A libcurl that is linked in knows no distribution's place of certificates.
static const char *bundle(void) {
  static const char *const places[] = {
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
  };
  for (size_t i = 0; i < sizeof places / sizeof *places; i++)
    if (access(places[i], R_OK) == 0) return places[i];
  return NULL;
}

static void *parameters(void *context) { return SSL_CTX_get0_param(context); }
static int set_host(void *parameters, const char *name, size_t length) {
  return X509_VERIFY_PARAM_set1_host(parameters, name, length);
}
static int set_address(void *parameters, const char *address) {
  return X509_VERIFY_PARAM_set1_ip_asc(parameters, address);
}

static bool use_own(void) {
#define OWN(name) curl.name = name;
  SYMBOLS(OWN)
  tls.parameters = parameters, tls.set_host = set_host, tls.set_address = set_address;
  failure[0] = 0;
  return is_own = true;
}
#else
static const char *bundle(void) { return NULL; }
static bool use_own(void) { return false; }
#endif

static void load(void) {
  // The system's own is mended by its distribution.
  if (!use_system() && !use_own()) return;
  if (curl.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    snprintf(failure, sizeof failure, "libcurl cannot be initialised");
  const curl_version_info_data *version = curl.curl_version_info(CURLVERSION_NOW);
  snprintf(description, sizeof description, "libcurl %.20s %s, %.40s", version->version, is_own ? "built in" : "of this system",
           version->ssl_version ? version->ssl_version : "no TLS");
}

const char *gc_load(void) {
  pthread_once(&once, load);
  return failure[0] ? failure : NULL;
}

const char *gc_library(void) { return description; }

const char *gc_error_text(CURLcode code) { return curl.curl_easy_strerror(code); }

static CURL *started(CURL *easy) {
  // OpenSSL itself follows the two variables, where no file is set.
  if (easy && is_own && !getenv("SSL_CERT_FILE") && !getenv("SSL_CERT_DIR"))
    curl.curl_easy_setopt(easy, CURLOPT_CAINFO, bundle());
  return easy;
}
CURL *gc_easy_init(void) { return started(curl.curl_easy_init()); }
void gc_easy_reset(CURL *easy) {
  curl.curl_easy_reset(easy);
  started(easy);
}
void gc_easy_cleanup(CURL *easy) { curl.curl_easy_cleanup(easy); }

CURLcode gc_set_long(CURL *easy, CURLoption option, long value) { return curl.curl_easy_setopt(easy, option, value); }
CURLcode gc_set_text(CURL *easy, CURLoption option, const char *value) {
  return curl.curl_easy_setopt(easy, option, value);
}
CURLcode gc_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl.curl_easy_setopt(easy, option, value);
}
CURLcode gc_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return curl.curl_easy_setopt(easy, option, value);
}
CURLcode gc_set_blob(CURL *easy, CURLoption option, const void *bytes, size_t count) {
  struct curl_blob blob = {.data = (void *)bytes, .len = count, .flags = CURL_BLOB_COPY};
  return curl.curl_easy_setopt(easy, option, &blob);
}
CURLcode gc_set_callback(CURL *easy, CURLoption option, gc_data_callback callback) {
  return curl.curl_easy_setopt(easy, option, callback);
}
static CURLcode verify_name(CURL *easy, void *context, void *name) {
  unsigned char address[16];
  void *parameters = tls.parameters(context);
  int is_address = inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1;
  return (is_address ? tls.set_address(parameters, name) : tls.set_host(parameters, name, 0)) ? CURLE_OK
                                                                                            : CURLE_OUT_OF_MEMORY;
}
bool gc_verify_name(CURL *easy, char *name) {
  return tls.parameters && curl.curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, name) == CURLE_OK &&
         curl.curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, verify_name) == CURLE_OK;
}
CURLcode gc_set_trace(CURL *easy, gc_trace_callback callback) {
  CURLcode code = curl.curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, callback);
  return code != CURLE_OK ? code : curl.curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
}
CURLcode gc_set_body(CURL *easy, const void *bytes, size_t count) {
  CURLcode code = curl.curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
  return code != CURLE_OK ? code : curl.curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes ? bytes : "");
}
CURLcode gc_set_http_only(CURL *easy) {
  CURLcode code = curl.curl_easy_setopt(easy, OPTION_PROTOCOLS_STR, "http,https");
  return code == CURLE_OK ? code : curl.curl_easy_setopt(easy, OPTION_PROTOCOLS, BIT_HTTP_AND_HTTPS);
}
void gc_set_quick_exit(CURL *easy) { curl.curl_easy_setopt(easy, OPTION_QUICK_EXIT, 1L); }

long gc_get_long(CURL *easy, CURLINFO info) {
  long value = 0;
  curl.curl_easy_getinfo(easy, info, &value);
  return value;
}
curl_off_t gc_get_offset(CURL *easy, CURLINFO info) {
  curl_off_t value = 0;
  curl.curl_easy_getinfo(easy, info, &value);
  return value;
}
const char *gc_get_text(CURL *easy, CURLINFO info) {
  const char *value = NULL;
  curl.curl_easy_getinfo(easy, info, &value);
  return value;
}
static struct curl_certinfo *certificates(CURL *easy) {
  struct curl_certinfo *chain = NULL;
  return curl.curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) == CURLE_OK ? chain : NULL;
}
int gc_certificate_count(CURL *easy) {
  struct curl_certinfo *chain = certificates(easy);
  return chain ? chain->num_of_certs : 0;
}
const struct curl_slist *gc_certificate(CURL *easy, int index) {
  struct curl_certinfo *chain = certificates(easy);
  return chain && index >= 0 && index < chain->num_of_certs ? chain->certinfo[index] : NULL;
}
CURLcode gc_receive(CURL *easy, void *buffer, size_t capacity, size_t *count) {
  return curl.curl_easy_recv(easy, buffer, capacity, count);
}

struct curl_slist *gc_list_append(struct curl_slist *list, const char *line) {
  return curl.curl_slist_append(list, line);
}
void gc_list_free(struct curl_slist *list) { curl.curl_slist_free_all(list); }

CURLM *gc_multi_init(void) { return curl.curl_multi_init(); }
void gc_multi_cleanup(CURLM *multi) { curl.curl_multi_cleanup(multi); }
CURLMcode gc_multi_add(CURLM *multi, CURL *easy) { return curl.curl_multi_add_handle(multi, easy); }
CURLMcode gc_multi_remove(CURLM *multi, CURL *easy) { return curl.curl_multi_remove_handle(multi, easy); }
CURLMcode gc_multi_perform(CURLM *multi, int *running) { return curl.curl_multi_perform(multi, running); }
CURLMcode gc_multi_poll(CURLM *multi, int milliseconds) {
  return curl.curl_multi_poll(multi, NULL, 0, milliseconds, NULL);
}
bool gc_multi_finished(CURLM *multi, CURL **easy, CURLcode *result) {
  int left = 0;
  CURLMsg *message = NULL;
  while ((message = curl.curl_multi_info_read(multi, &left))) {
    if (message->msg != CURLMSG_DONE) continue;
    *easy = message->easy_handle;
    *result = message->data.result;
    return true;
  }
  return false;
}

CURLU *gc_url_parse(const char *text) {
  CURLU *url = curl.curl_url();
  if (!url) return NULL;
  // A proxy's scheme (socks5) is none of libcurl's transfer protocols, hence the flag.
  if (curl.curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) return url;
  curl.curl_url_cleanup(url);
  return NULL;
}
void gc_url_free(CURLU *url) { curl.curl_url_cleanup(url); }
char *gc_url_part(CURLU *url, CURLUPart part) {
  char *text = NULL;
  return curl.curl_url_get(url, part, &text, 0) == CURLUE_OK ? text : NULL;
}
CURLUcode gc_url_set_part(CURLU *url, CURLUPart part, const char *value) {
  return curl.curl_url_set(url, part, value, 0);
}
void gc_text_free(char *text) { curl.curl_free(text); }

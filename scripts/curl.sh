#!/usr/bin/env bash
# curl.sh: prints a folder with a libcurl.a for systems that have none: http and https only, with OpenSSL. It is built once
# from Debian's source, with Debian's patches, and kept in the user's cache. Where it cannot be had it says why and ends with 1:
# commands that connect then need the system's libcurl.
set -euo pipefail
cd "$(dirname "$0")"
. ./cache.sh
fail() { echo "curl.sh: $*; commands that connect will need the system's libcurl" >&2; exit 1; }

for program in dpkg-source make "${CC:=cc}"; do command -v "$program" >/dev/null || fail "$program is needed"; done
[ -e "$(pkg-config --variable=libdir libcrypto 2>/dev/null)/libcrypto.a" ] || fail "libssl-dev is needed"
version=$(dpkg-query -W -f '${source:Version}' libcurl4-openssl-dev 2>/dev/null) || fail "libcurl4-openssl-dev is needed"

build() {
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  suite=$(./suite.sh) || fail "its source cannot be looked up"
  APT_CONFIG=$(./apt-of.sh deb-src "$suite" "$work") || fail "its source cannot be looked up"
  export APT_CONFIG CC
  without=(brotli zstd nghttp2 libidn2 libpsl librtmp libssh2 libgsasl ca-bundle ca-path)
  disable=(shared ldap ldaps manual ftp file rtsp dict telnet tftp pop3 imap smb smtp gopher mqtt unix-sockets ntlm
    tls-srp alt-svc hsts cookies doh netrc progress-meter libcurl-option get-easy-options)
  flags="-Os -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables"
  (
    cd "$work" && apt-get -qq source --download-only "curl=$version" && dpkg-source --no-check -x curl_*.dsc source &&
      cd source && CFLAGS=$flags ./configure --quiet --with-openssl --with-zlib --with-ca-fallback \
        "${without[@]/#/--without-}" "${disable[@]/#/--disable-}" && make -s -C lib -j"$(nproc)"
  ) >"$work/log" 2>&1 || fail "it cannot be built: $(tail -n 3 "$work/log")"
  cp "$work/source/lib/.libs/libcurl.a" "$folder"
}
cached "curl-$version" build
echo "$folder"

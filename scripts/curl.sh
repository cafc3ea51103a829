#!/usr/bin/env bash
# curl.sh: prints a folder with a libcurl.a for systems that have none: http and https only, with OpenSSL. It is built once
# from Debian's source, with Debian's patches, and kept in the user's cache. Where it cannot be had it says why and ends with 1:
# commands that connect then need the system's libcurl.
set -euo pipefail
cd "$(dirname "$0")"
fail() { echo "curl.sh: $*; commands that connect will need the system's libcurl" >&2; exit 1; }

for program in dpkg-source make "${CC:=cc}"; do command -v "$program" >/dev/null || fail "$program is needed"; done
[ -e "$(pkg-config --variable=libdir libcrypto 2>/dev/null)/libcrypto.a" ] || fail "libssl-dev is needed"
version=$(dpkg-query -W -f '${source:Version}' libcurl4-openssl-dev 2>/dev/null) || fail "libcurl4-openssl-dev is needed"
folder=${XDG_CACHE_HOME:-$HOME/.cache}/gatecheck/curl-$version
if [ ! -e "$folder/complete" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
  APT_CONFIG=$(./apt-of.sh deb-src "$suite" "$work") || fail "its source cannot be looked up"
  export APT_CONFIG CC
  (
    cd "$work"
    apt-get -qq source --download-only curl
    dpkg-source --no-check -x curl_*.dsc source
    cd source
    without=(brotli zstd nghttp2 libidn2 libpsl librtmp libssh2 libgsasl ca-bundle ca-path)
    disable=(shared ldap ldaps manual ftp file rtsp dict telnet tftp pop3 imap smb smtp gopher mqtt unix-sockets ntlm
      tls-srp alt-svc hsts cookies doh netrc progress-meter libcurl-option get-easy-options)
    CFLAGS="-Os -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables" ./configure --quiet --with-openssl --with-zlib \
      --with-ca-fallback "${without[@]/#/--without-}" "${disable[@]/#/--disable-}"
    make -s -C lib -j"$(nproc)"
  ) >"$work/log" 2>&1 || fail "it cannot be built: $(tail -n 3 "$work/log")"
  mkdir -p "$folder"
  cp "$work/source/lib/.libs/libcurl.a" "$folder"
  touch "$folder/complete"
fi
echo "$folder"

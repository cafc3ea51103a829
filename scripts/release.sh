#!/usr/bin/env bash
# Builds .build/release/gatecheck: static but for the C library, stripped. libcurl is looked up when first needed.
set -euo pipefail
cd "$(dirname "$0")/.."

# libyaml goes into the binary too: pkg-config names a folder where the linker finds its archive and nothing else.
archives=$PWD/.build/archives
mkdir -p "$archives"
ln -sf "$(pkg-config --variable=libdir yaml-0.1)/libyaml.a" "$archives/libyaml.a"
cat >"$archives/yaml-0.1.pc" <<EOF
Name: libyaml
Description: the archive of libyaml
Version: $(pkg-config --modversion yaml-0.1)
Cflags: $(pkg-config --cflags yaml-0.1)
Libs: -L$archives -lyaml
EOF

# Packed relocations save a megabyte; the C library reads them from 2.36 on.
packed=()
libc=$(getconf GNU_LIBC_VERSION 2>/dev/null || true)
if [ "$(printf '%s\n' 'glibc 2.36' "$libc" | sort -V | head -n 1)" = 'glibc 2.36' ]; then
  packed=(-Xlinker -z -Xlinker pack-relative-relocs)
fi

swift build -c release --product gatecheck --pkg-config-path "$archives" \
  --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker -s ${packed[@]+"${packed[@]}"}

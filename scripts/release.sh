#!/usr/bin/env bash
# Builds .build/release/gatecheck: static but for the C library, stripped. libcurl is looked up when first needed.
set -euo pipefail
cd "$(dirname "$0")/.."

# libyaml goes into the binary too: the linker finds its archive in a folder that holds nothing else.
libyaml=$(pkg-config --variable=libdir yaml-0.1)/libyaml.a
static=()
if [ -e "$libyaml" ]; then
  mkdir -p .build/archives
  ln -sf "$libyaml" .build/archives/libyaml.a
  static=(-Xswiftc "-L$PWD/.build/archives")
fi

swift build -c release --product gatecheck --static-swift-stdlib \
  -Xswiftc -use-ld=lld -Xlinker -s "${static[@]}"

#!/usr/bin/env bash
# Builds .build/release/gatecheck: static but for the C library, stripped. The system's libcurl is looked up when first needed.
# shellcheck disable=SC2016 # names of symbols begin with $
set -euo pipefail
cd "$(dirname "$0")/.."

# libyaml, libpcre2, zlib, c-ares, ZooKeeper's library and libstdc++ go into the binary too: pkg-config names a folder where the linker finds
# their archives and nothing else. Loading libstdc++ at start would take half a millisecond.
archives=$PWD/.build/archives
mkdir -p "$archives"
archive() { # MODULE LIBRARY
  ln -sf "$(pkg-config --variable=libdir "$1")/lib$2.a" "$archives/lib$2.a"
  cat >"$archives/$1.pc" <<EOF
Name: $1
Description: the archive of lib$2
Version: $(pkg-config --modversion "$1")
Cflags: $(pkg-config --cflags "$1")
Libs: -L$archives -l$2
EOF
}
archive yaml-0.1 yaml
archive libpcre2-8 pcre2-8
archive zlib z
archive libcares cares
for library in libzookeeper_mt.a libstdc++.a; do
  file=$(${CC:-cc} -print-file-name=$library 2>/dev/null || true)
  [ ! -f "$file" ] || ln -sf "$file" "$archives/$library"
done

# Linked against the stubs of an old C library the binary runs on every Linux of the last ten years.
old=()
rm -f "$archives/glibc.o"
if glibc=$(scripts/glibc.sh); then
  ${CC:-cc} -O2 -Wall -Wextra -c scripts/glibc.c -o "$archives/glibc.o"
  old=(-Xswiftc "-L$glibc" -Xswiftc -Xclang-linker -Xswiftc "-B$glibc" -Xlinker "$archives/glibc.o")
fi

# For systems without libcurl, or with one that is too old.
own=()
if curl=$(scripts/curl.sh); then
  ssl=$(pkg-config --variable=libdir libcrypto)
  own=(-Xcc -DGATECHECK_OWN_CURL -Xlinker "$curl/libcurl.a" -Xlinker "$ssl/libssl.a" -Xlinker "$ssl/libcrypto.a")
fi

# Nothing here throws C++ exceptions or prints a backtrace, so the tables for unwinding, 2 MB, are left out.
cat >"$archives/discard.ld" <<'EOF'
SECTIONS { /DISCARD/ : { *(.eh_frame) *(.eh_frame_hdr) } } INSERT AFTER .text;
EOF
small=(-Xlinker -T -Xlinker "$archives/discard.ld" -Xlinker --no-eh-frame-hdr -Xlinker -O2 -Xlinker --no-export-dynamic)

# Written through a map, page by page, the binary stays so in the kernel's cache, and starts a tenth slower.
small+=(-Xlinker --no-mmap-output-file)

# What nobody calls is left out, and what is the same stands once: a twentieth of the binary, and a seventh of the time to
# lint one file.
small+=(-Xswiftc -Xfrontend -Xswiftc -function-sections -Xlinker --gc-sections -Xlinker --icf=all)

# Two things of ArgumentParser's would bring in 4 MB of Foundation: its help as JSON, whose flag Main takes away, and the question
# whether an error is a LocalizedError, for which a protocol stands in that no error has. What works on characters in a
# text, regular expressions and all, is another MB that no floor needs. Who wants more of either finds that nothing links.
lean=()
for library in FoundationEssentials swift_StringProcessing; do
  lean+=(-Xswiftc -Xfrontend -Xswiftc -disable-autolink-library -Xswiftc -Xfrontend -Xswiftc "$library")
done
foundation='$sSS20FoundationEssentialsE' coder='$s20FoundationEssentials11JSONEncoderC'
for symbol in "${coder}Ma" "${coder}ACycfc" "${coder}16OutputFormattingV10sortedKeysAEvau" \
  "${coder}16OutputFormattingV13prettyPrintedAEvau" "${foundation}8EncodingV4utf8ACvau" \
  "${foundation}4data8encodingSSSgAA4DataVh_SSAAE8EncodingVtcfC"; do
  lean+=(-Xlinker "--defsym=$symbol=swift_deletedMethodError")
done
lean+=(-Xlinker '--defsym=$s20FoundationEssentials14LocalizedErrorMp=$s9gatecheck9FlagValueMp')

# Types such as Dictionary<String, Rule> are else looked up by name when first needed, and each lookup searches all
# conformances: half of all instructions of linting one file.
direct=(-Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors)
# What a floor offers is compiled into those above it.
direct+=(-Xswiftc -cross-module-optimization)

# At a fixed address, as Go programs are: a megabyte of pointers need not be written at every start.
# libgcc goes in as well, and no library is looked for beside the binary: both would be a tenth of the time to start.
swift build -c release --product gatecheck --pkg-config-path "$archives" --static-swift-stdlib --disable-local-rpath \
  -Xswiftc -use-ld=lld -Xswiftc -Xclang-linker -Xswiftc -no-pie \
  -Xswiftc -Xclang-linker -Xswiftc -static-libgcc -Xlinker -s "${small[@]}" "${lean[@]}" \
  ${old[@]+"${old[@]}"} ${own[@]+"${own[@]}"} "${direct[@]}"

# The linker writes here and there, so the file lies in the kernel's cache in small pieces. A copy, as every installed one is,
# starts a quarter sooner.
built=.build/release/gatecheck
cp "$built" "$built.copy"
mv "$built.copy" "$built"

#!/usr/bin/env bash
# The release binary on Debian 11's C library (2.31), without any libcurl: what needs no server of the acceptance tests, and
# one request over the libcurl that is built in. `swift build --build-tests` comes before.
. "$(dirname "$0")/common.sh"
run_as_root "a chroot"
[ -e "$(swift build --show-bin-path)/gatecheckPackageTests.xctest" ] || skip "the tests are not built (swift build --build-tests)"
files=$(Tests/servers/fetch.sh debian-11) || skip "Debian 11's C library cannot be had"

work=$WORK
cp -a "$files" "$work/root"
cat >"$work/gatecheck" <<X
#!/bin/sh
exec $(command -v chroot) "$work/root" /usr/bin/env --chdir="\$PWD" "$PWD/.build/release/gatecheck" "\$@"
X
chmod +x "$work/gatecheck"
export GATECHECK_BINARY=$work/gatecheck PATH=$work:$PATH

# Folders that the tests use are those of this machine; the system is Debian 11's.
inside() {
  for folder in /proc /dev /tmp "$PWD" "$HOME"; do
    mkdir -p "$work/root$folder"
    mount --rbind "$folder" "$work/root$folder"
  done
  gatecheck --version -v
  # Those skipped take rights or mounts of their own, with which nothing gets into a chroot.
  swift test --skip-build --disable-xctest --ignore-lock --skip 'aFixThatCannotBeWritten|aDiskThatTakesNothing' --filter \
    '(Catalogue|ExitStatus|Fix|Fixture|FixPlace|Habit|Input|LogsExplain|LogsConfig|Manifest|Output|Path|RBACGenerate|Resolve|ResolveFamily|Schema|SchemaOutput|URLPassword)Tests'
}
export -f inside
export work
unshare --mount bash -euo pipefail -c inside

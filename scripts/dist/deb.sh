#!/usr/bin/env bash
# The package for Debian and Ubuntu. Called by dist.sh.
set -euo pipefail
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
architecture=${PLATFORM#*-}
cp -r "$TREE/usr" "$files/usr"
documents=$files/usr/share/doc/gatecheck
find "$files/usr/share/man" -name '*.1' -exec gzip -9n {} +

# Who wrote the last commit answers for the package.
maintainer=${GATECHECK_MAINTAINER:-$(git log -1 --format='%an <%ae>')}
gzip -9n >"$documents/changelog.gz" <<EOF
gatecheck ($VERSION) stable; urgency=medium

  * What is new:
    $REPOSITORY/blob/v$VERSION/CHANGELOG.md

 -- $maintainer  $(date -uRd "@$SOURCE_DATE_EPOCH")
EOF
cat >"$documents/copyright" <<EOF
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: gatecheck
Source: $REPOSITORY

Files: *
Copyright: $(date -ud "@$SOURCE_DATE_EPOCH" +%Y) the authors of gatecheck
License: Apache-2.0
 On Debian systems the text is in /usr/share/common-licenses/Apache-2.0.
 The licenses of what is linked in are in /usr/share/doc/gatecheck/THIRD-PARTY-NOTICES.gz.
EOF
rm "$documents/LICENSE"
gzip -9n "$documents/THIRD-PARTY-NOTICES"

install -d "$files/usr/share/lintian/overrides"
cat >"$files/usr/share/lintian/overrides/gatecheck" <<'EOF'
# One file for every Linux: it cannot load libraries whose names differ between distributions and releases.
gatecheck: embedded-library *
# At a fixed address no pointers are written at start, which halves the time to start.
gatecheck: hardening-no-pie *
EOF

mkdir "$files/DEBIAN"
cat >"$files/DEBIAN/control" <<EOF
Package: gatecheck
Version: $VERSION
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(find "$files/usr" -type f -printf '%s\n' | awk '{ size += int(($1 + 1023) / 1024) } END { print size }')
Depends: libc6 (>= $(scripts/dist/floor.py "$TREE/usr/bin/gatecheck"))
Recommends: ca-certificates, libcurl4
Section: admin
Priority: optional
Homepage: $REPOSITORY
Description: says why Apache APISIX's service discovery answers 503
 gatecheck checks config.yaml, routes and Kubernetes manifests as APISIX itself
 would, tries the token as APISIX does, and computes the nodes that APISIX would
 find, in Kubernetes, Nacos, Consul, Eureka and DNS. It names the cause and the
 mend in one line, and changes nothing unless told to.
EOF
(cd "$files" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$files" -type d -exec chmod 755 {} +
# In one thread, since the number of threads decides where xz cuts.
dpkg-deb --root-owner-group -Zxz --threads-max=1 --build "$files" "$DIST/gatecheck_${VERSION}_$architecture.deb" >/dev/null

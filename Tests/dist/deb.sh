#!/usr/bin/env bash
# The .deb: lintian, and install, run, man page, completion and removal in a chroot without network.
. "$(dirname "$0")/common.sh"
. Tests/dist/debian.sh
deb=$(echo "$DIST/gatecheck_${VERSION}"_*.deb)
made "$deb"

if has lintian; then
  lintian --fail-on error,warning --allow-root "$deb" >"$WORK/lintian" || fail "$(cat "$WORK/lintian")"
else
  skipped "lintian: it is not installed (apt-get install lintian)"
fi

root_of_debian
cp "$deb" "$WORK/debian$DIST"
inside bash -ec "$(page deb)" >"$WORK/log" 2>&1 || fail "$(cat "$WORK/log")"

shows "$VERSION" inside gatecheck --version
shows '[kubernetes/port-not-string]' inside gatecheck lint broken.yaml
ends 0 inside gatecheck lint config.yaml
shows '10.5.10.109' inside gatecheck resolve default/plat-dev:port --from endpoints.yaml
# With the libcurl of this Debian where it is new enough, else with the one inside.
echo abc >"$WORK/debian/root/token"
shows 'connect/refused' inside gatecheck token verify --server https://127.0.0.1:1 --token-file token
shows 'NAME' inside man gatecheck
shows '_gatecheck' inside bash -c '. /usr/share/bash-completion/bash_completion; _completion_loader gatecheck; complete -p gatecheck'

inside dpkg --purge gatecheck >/dev/null
left=$(find "$WORK/debian" -xdev -name '*gatecheck*' ! -name '*.deb' ! -path '*/var/log/*' ! -path '*/var/cache/*')
[ -z "$left" ] || fail "after the removal there is still $left"

#!/usr/bin/env bash
# The image: read by skopeo, unpacked by umoci, run in a chroot of its layers as the user that it names.
. "$(dirname "$0")/common.sh"
run_as_root "a chroot"
for program in skopeo umoci; do has $program || skip "$program is not installed (apt-get install $program)"; done
image=$(echo "$DIST/gatecheck-$VERSION-image"-*.tar)
made "$image"

shows "\"org.opencontainers.image.version\": \"$VERSION\"" skopeo inspect "oci-archive:$image"
shows '"User": "65532:65532"' skopeo inspect --config "oci-archive:$image"
# As `docker load` wants it, of releases that do not know OCI's form.
skopeo copy --quiet "oci-archive:$image" "docker-archive:$WORK/docker.tar" || fail "skopeo copies it to no docker archive"
skopeo copy --quiet "oci-archive:$image" "oci:$WORK/oci:$VERSION"
umoci unpack --image "$WORK/oci:$VERSION" "$WORK/bundle" 2>"$WORK/log" || fail "$(cat "$WORK/log")"
export IMAGE=$WORK/bundle/rootfs
[ -z "$(find "$IMAGE" -perm /6000)" ] || fail "a program with rights of its own"
# No certificate is this machine's own.
certificates=/usr/share/ca-certificates/mozilla
if [ -d $certificates ]; then
  openssl crl2pkcs7 -nocrl -certfile "$IMAGE/etc/ssl/certs/ca-certificates.crt" | openssl pkcs7 -print_certs -noout >"$WORK/names"
  [ "$(grep -c ^subject "$WORK/names")" = "$(find $certificates -name '*.crt' | wc -l)" ] || fail "not Mozilla's certificates"
else
  skipped "the certificates are Mozilla's: ca-certificates is not installed"
fi

# A stub of docker: `docker run --rm -v FOLDER:/src:ro IMAGE ARGUMENTS...` in the chroot, without /proc and /dev.
mkdir "$WORK/bin"
cat >"$WORK/bin/docker" <<'STUB'
#!/bin/bash
[ "$1 $2 $3" = "run --rm -v" ] && [[ $4 == "$PWD:/src:ro" ]] && [[ $5 == ghcr.io/OWNER/gatecheck:* ]] || exit 125
cp -r "$PWD/." "$IMAGE/src"
shift 5
exec chroot --userspec=65532:65532 "$IMAGE" /bin/env -i HOME=/tmp PATH=/usr/bin:/bin sh -c 'cd /src && exec /usr/bin/gatecheck "$@"' sh "$@"
STUB
chmod +x "$WORK/bin/docker"
mkdir "$WORK/user"
cp docs/examples/broken.yaml "$WORK/user"
cd "$WORK/user"
(cd "$ROOT" && page docker) >"$WORK/commands"
PATH=$WORK/bin:$PATH shows '[kubernetes/port-not-string]' bash "$WORK/commands"
PATH=$WORK/bin:$PATH ends 1 bash "$WORK/commands"

# The job of GitLab, by the image's own shell, as its runner does, where the image's user may write.
grep -q "name: ghcr.io/OWNER/gatecheck:$VERSION" "$ROOT/docs/ci/gitlab-ci.yaml" || fail "gitlab-ci.yaml names another image"
install -d -m 777 "$IMAGE/builds"
cp "$WORK/user/broken.yaml" "$IMAGE/builds"
job=$(sed -n 's/^    - //p' "$ROOT/docs/ci/gitlab-ci.yaml")
inside() { chroot --userspec=65532:65532 "$IMAGE" /bin/sh -ec "cd /builds; $1"; }
ends 1 inside "$job"
grep -q kubernetes/port-not-string "$IMAGE/builds/gl-code-quality-report.json" || fail "no report of the GitLab job"

# The CronJob of a fleet finds in it what its script calls.
grep -q "image: ghcr.io/OWNER/gatecheck:$VERSION" "$ROOT/templates/fleet/cronjob.yaml" || fail "the CronJob names another image"
shows --post-file inside 'wget --help 2>&1 || true'

# Commands that connect find a libcurl inside, and nobody answers.
if inside 'gatecheck --version -v' | grep -q 'built in'; then
  echo abc >"$IMAGE/builds/token"
  shows 'connect/refused' inside 'gatecheck token verify --server https://127.0.0.1:1 --token-file token'
else
  skipped "connecting: this binary has no libcurl built in"
fi

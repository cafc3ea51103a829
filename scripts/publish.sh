#!/usr/bin/env bash
# What the release workflow does with dist/: the release page, the image, and the apt repository on the branch gh-pages.
# Wants gh, skopeo and docker, TAG, ACTOR and GH_TOKEN. Nothing else calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(scripts/version.sh)

mapfile -t files < <(find dist -maxdepth 1 -type f | sort)
# A second run goes on where the first one ended.
gh release view "$TAG" >/dev/null 2>&1 || gh release create "$TAG" --verify-tag --title "gatecheck $version" \
  --notes "[What is new](https://github.com/$GITHUB_REPOSITORY/blob/$TAG/CHANGELOG.md)" "${files[@]}"

image=ghcr.io/${GITHUB_REPOSITORY,,}
docker login ghcr.io --username "$ACTOR" --password-stdin <<<"$GH_TOKEN"
images=()
for archive in dist/gatecheck-"$version"-image-*.tar; do
  machine=${archive##*-}
  images+=("$image:$version-${machine%.tar}")
  skopeo copy "oci-archive:$archive" "docker://${images[-1]}"
done
docker buildx imagetools create --tag "$image:$version" --tag "$image:latest" "${images[@]}"

pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
gh auth setup-git # git asks gh for the token
url=https://github.com/$GITHUB_REPOSITORY
status=0
git ls-remote --exit-code "$url" refs/heads/gh-pages >/dev/null || status=$?
case $status in
  0) git clone --quiet --depth 1 --branch gh-pages "$url" "$pages" ;;
  2) git init --quiet --initial-branch gh-pages "$pages" ;; # there is no such branch yet
  *) exit $status ;;
esac
rm -rf "$pages/apt"
cp -r dist/apt "$pages"
git -C "$pages" add apt
git -C "$pages" diff --cached --quiet ||
  git -C "$pages" -c user.name=release -c user.email=release@users.noreply.github.com commit --quiet --message "apt: $version"
git -C "$pages" push --quiet "$url" gh-pages

#!/usr/bin/env bash
# What the release workflow does with dist/: the release page, the image, and the apt repository on the branch gh-pages.
# Wants gh, skopeo and docker, TAG, ACTOR and GH_TOKEN. Nothing else calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(scripts/version.sh)

mapfile -t files < <(find dist -maxdepth 1 -type f | sort)
gh release create "$TAG" --verify-tag --title "gatecheck $version" \
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
url=https://x-access-token:$GH_TOKEN@github.com/$GITHUB_REPOSITORY
git clone --quiet --depth 1 --branch gh-pages "$url" "$pages" || git -C "$pages" init --quiet --initial-branch gh-pages
rm -rf "$pages/apt"
cp -r dist/apt "$pages"
git -C "$pages" add apt
git -C "$pages" -c user.name=release -c user.email=release@users.noreply.github.com commit --quiet --message "apt: $version"
git -C "$pages" push --quiet "$url" gh-pages

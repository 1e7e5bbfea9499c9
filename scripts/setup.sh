#!/bin/sh
# Installs what is missing: Debian packages from system-packages.txt, then .venv from requirements.lock.
# Does nothing, quickly, when everything is there.
set -eu
cd "$(dirname "$0")/.."

missing=""
for package in $(cat system-packages.txt); do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
if [ -n "$missing" ]; then
    echo "installing system packages:$missing" >&2
    root=""
    [ "$(id -u)" = 0 ] || root="sudo"
    $root apt-get update -q >&2
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $root apt-get install -y -q --no-install-recommends $missing >&2
fi

want=$(cat requirements.lock pyproject.toml | sha256sum | cut -c1-32)
if [ "$(cat .venv/.made-from 2>/dev/null || true)" = "$want" ]; then
    exit 0
fi
python=$(command -v python3.11 || command -v python3)
"$python" -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 14) else 1)' || {
    echo "Python 3.11 to 3.13 is needed; $python is $("$python" --version)" >&2
    exit 1
}
echo "making .venv with $("$python" --version)" >&2
"$python" -m venv --clear .venv
.venv/bin/python -m pip install -q --disable-pip-version-check --no-compile --require-hashes -r requirements.lock >&2
.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . >&2
echo "$want" > .venv/.made-from

#!/usr/bin/env bash
# Make .venv hold exactly the pinned, hash-checked packages of the given requirements file, and the `liem` command.
# Usage: tools/environment.sh requirements.txt      (PYTHON=python3.12 chooses another interpreter)
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/apt.sh

requirements=$1
venv=.venv

say() { echo "liem: $*" >&2; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python3.11; do
        if is_new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    say "Python 3.11 or newer is needed; found $("${PYTHON:-python3}" --version 2>&1 || echo none). Name another with PYTHON=..."
    return 1
}

# An environment is usable if it was made in this very folder (scripts in it carry the path) and still runs.
is_usable() {
    [ -x "$venv/bin/python" ] && is_new_enough "$venv/bin/python" &&
        grep -qsF "VIRTUAL_ENV=" "$venv/bin/activate" && grep -qsF "$(pwd)/$venv" "$venv/bin/activate"
}

# In order: the interpreter's own ensurepip; a pip outside that can install into .venv; the Debian package.
create() {
    local python
    python=$(find_python)
    say "making $venv with $("$python" --version)"
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" -m venv --clear "$venv"
    elif "$python" -c 'import venv' 2>/dev/null && "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m venv --clear --without-pip "$venv"
        echo "$python" >"$venv/.outer-python"
    else
        say "this Python lacks its 'venv' part, which Debian packs separately"
        apt_install "$(venv_package "$python")"
        "$python" -m venv --clear "$venv"
    fi
}

venv_package() {
    "$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
}

pip() {
    if "$venv/bin/python" -c 'import pip' 2>/dev/null; then
        "$venv/bin/python" -m pip --disable-pip-version-check "$@"
    else
        "$(cat "$venv/.outer-python")" -m pip --python "$venv/bin/python" --disable-pip-version-check "$@"
    fi
}

is_usable || create
say "installing $requirements (pinned, hashes checked)"
pip install --quiet --require-hashes -r "$requirements"
if [ ! -x "$venv/bin/liem" ] || [ pyproject.toml -nt "$venv/bin/liem" ]; then
    pip install --quiet --no-deps --no-build-isolation --no-index -e .
fi

#!/usr/bin/env bash
# The system parts that the test suite needs and pip cannot bring. Says what is missing and why, then installs it.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/apt.sh

missing=()

# need PACKAGE WHY PATTERN...   the part is here if a file matches one of the patterns
need() {
    local package=$1 why=$2
    shift 2
    if ! compgen -G "$1" >/dev/null && { [ $# -lt 2 ] || ! compgen -G "$2" >/dev/null; }; then
        echo "Missing: $package ($why)" >&2
        missing+=("$package")
    fi
}

need chromium "the journeys open the dashboard in a real browser" "/usr/bin/chromium" "/usr/bin/google-chrome*"
need libreoffice-writer-nogui "opens every Word file we write and prints it" "/usr/lib/libreoffice/program/libswlo.so"
need openssl "makes the certificates of the TLS tests" "/usr/bin/openssl"
need poppler-utils "turns printed pages into text and pictures" "/usr/bin/pdftoppm"
need postgresql "the data tests run on SQLite and on PostgreSQL" "/usr/lib/postgresql/*/bin/initdb"
need fonts-liberation "the metrics of Times New Roman, for the page counts" "/usr/share/fonts/truetype/liberation*/LiberationSerif-Regular.ttf"
need fonts-dejavu-core "Vietnamese letters in charts" "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"

[ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"

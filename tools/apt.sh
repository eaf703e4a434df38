# Sourced by the other scripts: install Debian packages, through sudo when we are not root.
# apt_install PACKAGE...   returns 1, after saying what to do by hand, when it cannot.

apt_install() {
    local as_root=()
    if ! command -v apt-get >/dev/null; then
        echo "This is not Debian or Ubuntu. Please install the equivalent of: $*" >&2
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "Neither root nor sudo here. Please run as root: apt-get install --no-install-recommends $*" >&2
            return 1
        fi
        echo "Installing with sudo apt-get (you may be asked for your password): $*" >&2
        as_root=(sudo)
    else
        echo "Installing with apt-get: $*" >&2
    fi
    "${as_root[@]}" apt-get update -qq || echo "apt-get update failed; trying with the lists that are here." >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null || {
        echo "apt-get could not install: $*" >&2
        return 1
    }
}

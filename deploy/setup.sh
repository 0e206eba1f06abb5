#!/usr/bin/env bash
# Makes .venv: the locked packages, contracts/ and the compiled engine. Quick when there is nothing to do.
# uv is used where it is installed; PYTHON=/path/to/python chooses the interpreter of a new .venv. `setup.sh bench`
# installs requirements-bench.txt as well: what `make bench` measures Backchat against.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

venv=.venv

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c 1-64
}

# The interpreter behind the command $1, if it runs and we can use it. The one behind, because the command may be
# that of a .venv about to be replaced; runs, because pyenv's shims are there even for versions that are not.
interpreter() {
  "$1" - "$(command -v uv || true)" 2>/dev/null <<'PYTHON_CODE'
import sys
if not (3, 11) <= sys.version_info < (3, 14):
    sys.exit(1)
if not sys.argv[1]:
    import ensurepip, venv  # Debian packs them separately; uv needs neither
print(sys._base_executable)
PYTHON_CODE
}

find_interpreter() {
  local candidate
  if [[ -n ${PYTHON:-} ]]; then
    interpreter "$PYTHON"
    return
  fi
  for candidate in python3.13 python3.12 python3.11 python3 python; do
    if interpreter "$candidate"; then return; fi
  done
  if command -v uv >/dev/null; then
    echo '>=3.11,<3.14' # uv brings one
  else
    return 1
  fi
}

fail() {
  echo "setup: $1" >&2
  exit 1
}

make_venv() {
  local python
  if ! python=$(find_interpreter); then
    [[ -z ${PYTHON:-} ]] || fail "PYTHON=$PYTHON is no Python 3.11, 3.12 or 3.13 with venv and pip that runs"
    fail "SecantusDB needs Python 3.11, 3.12 or 3.13 and there is none: install uv (https://docs.astral.sh/uv), \
or one of them (Debian: python3 python3-venv; macOS: brew install python@3.13), or set PYTHON=/its/path"
  fi
  echo "setup: making $venv with Python ${python}" >&2
  rm -rf "$venv"
  if command -v uv >/dev/null; then
    uv venv --quiet --python "$python" "$venv"
  else
    "$python" -m venv "$venv"
  fi
}

install() {
  if command -v uv >/dev/null; then
    uv pip install --quiet --python "$venv/bin/python" "$@"
  else
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip --upgrade >/dev/null
    "$venv/bin/python" -m pip --quiet --disable-pip-version-check --no-input install "$@"
  fi
}

# The stamp's name has the hash of what was installed, its content the folder: the scripts of a .venv that was moved don't run.
stamped() {
  [[ -f $1 && $(<"$1") == "$PWD" ]] && "$venv/bin/python" -c '' 2>/dev/null
}

extras() {
  local name stamp
  for name in "$@"; do
    stamp=$venv/.backchat-$name-$(sha256 <"requirements-$name.txt")
    if ! stamped "$stamp"; then
      echo "setup: installing requirements-$name.txt" >&2
      install --require-hashes -r "requirements-$name.txt"
      echo "$PWD" >"$stamp"
    fi
  done
}

stamp=$venv/.backchat-$(cat requirements-dev.txt contracts/pyproject.toml | sha256)
if stamped "$stamp"; then
  extras "$@"
  exit 0
fi

if ! interpreter "$venv/bin/python" >/dev/null || grep -qsvxF -- "$PWD" "$venv"/.backchat-*; then
  make_venv
fi
echo "setup: installing the locked packages; the first time this takes a minute or two" >&2
install --require-hashes -r requirements-dev.txt
install --no-deps --no-build-isolation -e contracts
echo "setup: compiling the simulator and the statistics" >&2
for package in services.backtest.domain.simulator services.compare.domain.statistics; do
  "$venv/bin/python" -c "from $package import warm_up; warm_up()"
done
rm -f "$venv"/.backchat-*
echo "$PWD" >"$stamp"
extras "$@"
echo "setup: done" >&2

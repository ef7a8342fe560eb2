#!/usr/bin/env bash
# Installs what the tests that drive MuseScore need, from Debian's packages: MuseScore 3, a virtual X server with a
# window manager, a keyboard by program, a camera, and Node for the plugin's JavaScript. Where that can't be done,
# those tests skip.
set -euo pipefail

declare -A package=(
  [mscore3]=musescore3 [Xvfb]=xvfb [openbox]=openbox [xdotool]=xdotool [import]=imagemagick [node]=nodejs
)
missing=()
for program in "${!package[@]}"; do
  command -v "$program" >/dev/null || missing+=("${package[$program]}")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
  echo "These aren't here and can't be installed: ${missing[*]}. The tests that need them skip."
  exit 0
fi
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -q && apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
  tail -5 "$log"
  echo "These couldn't be installed: ${missing[*]}. The tests that need them skip."
fi
rm -f "$log"

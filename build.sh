#!/usr/bin/env bash
# ./build.sh --target=Demo | Build | Lint | Test | Examples | Benchmark | Pack
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
command -v dotnet >/dev/null || {
    echo "build.sh needs the .NET SDK that global.json names: https://dotnet.microsoft.com/download" >&2
    exit 1
}
log=$(dotnet tool restore 2>&1) || { echo "$log" >&2; exit 1; }
exec dotnet cake build.cake "$@"

# ./build.ps1 --target=Demo | Build | Lint | Test | Examples | Benchmark | Pack
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
$log = dotnet tool restore
if ($LASTEXITCODE -ne 0) { $log; exit $LASTEXITCODE }
dotnet cake build.cake @args
exit $LASTEXITCODE

# Refuses to package the stand-ins of packages that a build feed lacks. Publishing uses the real packages unless StandIns says otherwise.
$ErrorActionPreference = 'Stop'
if ($env:StandIns -and $env:StandIns -ne 'false') {
    Write-Error "StandIns=$env:StandIns is set: a package with stand-ins can't run in Azure. Remove it (Remove-Item Env:StandIns) and start again."
}

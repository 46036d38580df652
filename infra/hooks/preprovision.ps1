# Says what a first deployment usually lacks, before it fails after ten minutes. Changes nothing.
if (-not (Get-Command az -ErrorAction SilentlyContinue)) {
    Write-Output "The Azure CLI (az) isn't here, so nothing was checked beforehand."
    exit 0
}
foreach ($provider in 'Microsoft.Web', 'Microsoft.App', 'Microsoft.Storage', 'Microsoft.KeyVault', 'Microsoft.OperationalInsights', 'Microsoft.Insights', 'Microsoft.ManagedIdentity', 'Microsoft.Network') {
    $state = az provider show --namespace $provider --query registrationState --output tsv 2>$null
    if ($state -ne 'Registered') { Write-Output "$provider is $state in this subscription: az provider register --namespace $provider" }
}
if ($env:ETHEREUM_FACTORY -notmatch '^0x[0-9a-fA-F]{40}$') {
    Write-Output "The vault factory isn't set: azd env set ETHEREUM_FACTORY 0x… and azd env set ETHEREUM_FACTORY_BLOCK the block of its creation"
}
exit 0

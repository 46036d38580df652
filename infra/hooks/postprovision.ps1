# Says what to do next. Never reads or writes a secret. With lockImmutability it locks the retention, which nothing can undo.
$ErrorActionPreference = 'Stop'
if ($env:LOCK_IMMUTABILITY -eq 'true') {
    $account = '--account-name', $env:STORAGE_ACCOUNT_NAME, '--container-name', $env:IMMUTABLE_CONTAINER, '--resource-group', $env:AZURE_RESOURCE_GROUP
    $policy = az storage container immutability-policy show @account | ConvertFrom-Json
    if ($policy.state -ne 'Locked') {
        Write-Output "lockImmutability is true: the retention of $env:IMMUTABLE_CONTAINER is locked now, for good."
        az storage container immutability-policy lock @account --if-match $policy.etag --output none
    }
}
$keys = if ($env:SIGNERS_IN_VAULT -eq 'false') { ", 'ethereum-committer-key', 'ethereum-staker-key', 'ethereum-settler-key'" } else { '' }
Write-Output @"

What to do next:
1. Put the secrets into the vault. Nothing is typed on a command line, nothing is shown:
     foreach (`$name in 'numerai-public-id', 'numerai-secret-key', 'ethereum-rpc-url', 'webhook-key'$keys) {
       Set-AzKeyVaultSecret -VaultName $env:KEY_VAULT_NAME -Name `$name -SecretValue (Read-Host -AsSecureString `$name)
     }
   webhook-key is yours to make: 32 random bytes, hex. With checkNode, ethereum-check-rpc-url, too. A Forbidden means that your role hasn't arrived yet: wait a minute.
2. azd deploy. If it ends with 403, the app's roles haven't arrived yet: wait a minute and say it again.
3. See whether it is well: backstake ops ready --app $env:SERVICE_API_URI
4. backstake ops status --app $env:SERVICE_API_URI names the signers' addresses: vaults are created with them, and they need ETH for gas.
"@

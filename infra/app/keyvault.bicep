// The secrets, and the keys that sign on chain. The operator puts the secrets in (infra/hooks/postprovision says how); nothing here knows their values.
// The keys are made in the vault and never leave it, or were imported under their names before: one that is there isn't made again.
param name string
param location string
param tags object
param isPrivate bool
param allowedIp string

@description('True: the three signers are keys of the vault. False: their private keys are secrets.')
param hasSigners bool

var hasAllowedIp = !empty(allowedIp)

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // A deleted chain key would be lost signing power: it can be restored for 90 days, and not be purged before. azd down --purge can't, either.
    enablePurgeProtection: true
    publicNetworkAccess: isPrivate && !hasAllowedIp ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      ipRules: isPrivate && hasAllowedIp ? [{ value: allowedIp }] : []
    }
  }
}

var signers = ['committer', 'staker', 'settler']

// P-256K is secp256k1, Ethereum's curve.
resource keys 'Microsoft.KeyVault/vaults/keys@2023-07-01' = [for signer in signers: if (hasSigners) {
  parent: vault
  name: signer
  tags: tags
  properties: {
    kty: 'EC'
    curveName: 'P-256K'
    keyOps: ['sign', 'verify']
    attributes: { enabled: true }
  }
}]

output name string = vault.name
output signers array = hasSigners ? signers : []

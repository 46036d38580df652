// The secrets. The operator puts them in (infra/hooks/postprovision says how); nothing here knows their values.
param name string
param location string
param tags object
param isPrivate bool
param allowedIp string

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

output name string = vault.name

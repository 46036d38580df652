// The function app on Flex Consumption: its plan, its identity, its settings. What scales: HTTP together, every queue and timer by itself.
param name string
param planName string
param location string
param tags object
param identityName string
param storageName string
param keyVaultName string
param insightsName string

@description('Empty: no VNet.')
param subnetId string
param dotnetVersion string
param instanceMemoryMB int
param maximumInstanceCount int
param alwaysReadyHttpInstances int

@description('True: the vault holds the address of a second node, which must say the same before anything becomes money.')
param checkNode bool

@description('True: the signers are keys of the vault. False: their private keys are secrets in it.')
param signersInVault bool

@description('The settings that aren\'t secret and don\'t follow from the other resources.')
param settings object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = { name: identityName }
resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = { name: storageName }
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: keyVaultName }
resource committer 'Microsoft.KeyVault/vaults/keys@2023-07-01' existing = { parent: vault, name: 'committer' }
resource staker 'Microsoft.KeyVault/vaults/keys@2023-07-01' existing = { parent: vault, name: 'staker' }
resource settler 'Microsoft.KeyVault/vaults/keys@2023-07-01' existing = { parent: vault, name: 'settler' }
resource insights 'Microsoft.Insights/components@2020-02-02' existing = { name: insightsName }

var secrets = '${vault.properties.vaultUri}secrets'

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${account.properties.primaryEndpoints.blob}deployments'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      runtime: { name: 'dotnet-isolated', version: dotnetVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyHttpInstances == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyHttpInstances }]
      }
    }
    siteConfig: { minTlsVersion: '1.2', scmMinTlsVersion: '1.2', ftpsState: 'Disabled', http20Enabled: true }
  }
}

// Nobody deploys with a password.
resource noFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: site
  name: 'ftp'
  properties: { allow: false }
}

resource noScm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: site
  name: 'scm'
  properties: { allow: false }
}

// As a whole: what isn't listed here is gone after a deployment. Secrets are references that the platform resolves as the app's identity.
resource appSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: site
  name: 'appsettings'
  properties: union(settings, {
    AzureWebJobsStorage__accountName: account.name
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identity.properties.clientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
    Numerai__PublicId: '@Microsoft.KeyVault(SecretUri=${secrets}/numerai-public-id)'
    Numerai__SecretKey: '@Microsoft.KeyVault(SecretUri=${secrets}/numerai-secret-key)'
    // A provider's address holds its key.
    Ethereum__RpcUrl: '@Microsoft.KeyVault(SecretUri=${secrets}/ethereum-rpc-url)'
    Ethereum__CheckRpcUrl: checkNode ? '@Microsoft.KeyVault(SecretUri=${secrets}/ethereum-check-rpc-url)' : ''
    // Of the version that is there now: another version would be another address, and a vault's contract knows its signers for ever.
    Ethereum__CommitterKey: signersInVault ? committer.properties.keyUriWithVersion : '@Microsoft.KeyVault(SecretUri=${secrets}/ethereum-committer-key)'
    Ethereum__StakerKey: signersInVault ? staker.properties.keyUriWithVersion : '@Microsoft.KeyVault(SecretUri=${secrets}/ethereum-staker-key)'
    Ethereum__SettlerKey: signersInVault ? settler.properties.keyUriWithVersion : '@Microsoft.KeyVault(SecretUri=${secrets}/ethereum-settler-key)'
    Webhook__Key: '@Microsoft.KeyVault(SecretUri=${secrets}/webhook-key)'
  })
}

output name string = site.name
output uri string = 'https://${site.properties.defaultHostName}'

// Log and outbox (tables), work (queues), what settlements stored and what delegates brought (blobs), and the app's own package.
// The app makes what is missing by itself; containers are made here because their retention is part of them.
param name string
param location string
param tags object
param sku string

@description('True: reached through private endpoints only, but for the allowed address.')
param isPrivate bool
param allowedIp string
param immutabilityDays int
param lockImmutability bool

// The books, the records beside them, the proposals: written once, named by their digest. Terms and commitments are events of the log, and on chain.
var settlements = 'settlements'
var predictions = 'predictions'
var deployments = 'deployments'
var hasAllowedIp = !empty(allowedIp)

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate && !hasAllowedIp ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      ipRules: isPrivate && hasAllowedIp ? [{ value: allowedIp, action: 'Allow' }] : []
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: true
    deleteRetentionPolicy: { enabled: true, days: 30 }
    containerDeleteRetentionPolicy: { enabled: true, days: 30 }
  }
}

resource settlementsContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: settlements
  properties: {
    publicAccess: 'None'
    immutableStorageWithVersioning: { enabled: true }
  }
}

// Unlocked. Azure has no property that locks it: with lockImmutability, infra/hooks/postprovision does, after saying so.
resource retention 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2024-01-01' = {
  parent: settlementsContainer
  name: 'default'
  properties: { immutabilityPeriodSinceCreationInDays: immutabilityDays, allowProtectedAppendWrites: false }
}

resource predictionsContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: predictions
  properties: { publicAccess: 'None' }
}

resource deploymentsContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: deployments
  properties: { publicAccess: 'None' }
}

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2024-01-01' = {
  parent: account
  name: 'default'
  dependsOn: [blobs]
  properties: {
    policy: {
      rules: [
        {
          // A round is over after three months at most; its file stays as evidence, at a lower price.
          name: 'cool-predictions'
          enabled: true
          type: 'Lifecycle'
          definition: {
            actions: { baseBlob: { tierToCool: { daysAfterModificationGreaterThan: 30 }, tierToCold: { daysAfterModificationGreaterThan: 120 } } }
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${predictions}/'] }
          }
        }
        {
          // The host rewrites its leases and timers all day; versioning would keep each of them for ever.
          name: 'forget-host-versions'
          enabled: true
          type: 'Lifecycle'
          definition: {
            actions: { version: { delete: { daysAfterCreationGreaterThan: 7 } } }
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['azure-webjobs-hosts/', '${deployments}/'] }
          }
        }
      ]
    }
  }
}

// With a locked retention the account is kept from being deleted by mistake, too.
resource keep 'Microsoft.Authorization/locks@2020-05-01' = if (lockImmutability) {
  name: 'keep-the-record'
  scope: account
  properties: { level: 'CanNotDelete', notes: 'It holds the vaults\' log and books (lockImmutability).' }
}

output name string = account.name
output immutableContainer string = settlements

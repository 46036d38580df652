// Who may do what. The app: exactly what it needs to run. Whoever deploys: to put secrets in, and to read the record.
param storageName string
param keyVaultName string
param insightsName string
param appPrincipalId string

@description('The keys of the vault that the app signs with.')
param signers array

@description('The vault of the owners\' keys; empty: there is none.')
param ownersVaultName string

@description('Empty: no operator gets a role here.')
param operatorPrincipalId string
param operatorPrincipalType string

// tests/Backstake.Infra.Tests holds these against a table of Azure's built-in roles.
var roles = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  storageTableDataReader: '76199698-9eea-4c19-bc75-cec21354c6b6'
  keyVaultCryptoUser: '12338af0-0e69-4776-bea7-57ae8d297424'
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  keyVaultSecretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

// Blob Data Owner is what the Functions host asks for: it takes leases and keeps its keys there.
var appOnStorage = [roles.storageBlobDataOwner, roles.storageQueueDataContributor, roles.storageTableDataContributor]
var operatorOnStorage = empty(operatorPrincipalId) ? [] : [roles.storageBlobDataReader, roles.storageTableDataReader]
var operatorOnVault = empty(operatorPrincipalId) ? [] : [roles.keyVaultSecretsOfficer]

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = { name: storageName }
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: keyVaultName }
resource insights 'Microsoft.Insights/components@2020-02-02' existing = { name: insightsName }

resource keys 'Microsoft.KeyVault/vaults/keys@2023-07-01' existing = [for signer in signers: { parent: vault, name: signer }]

resource appStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in appOnStorage: {
  name: guid(account.id, appPrincipalId, role)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}]

resource appVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, appPrincipalId, roles.keyVaultSecretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource ownersVault 'Microsoft.KeyVault/vaults@2023-07-01' existing = if (!empty(ownersVaultName)) { name: ownersVaultName }

resource appOwnersVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(ownersVaultName)) {
  name: guid(ownersVault.id, appPrincipalId, roles.keyVaultSecretsOfficer)
  scope: ownersVault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsOfficer)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// On the three keys alone.
resource appSigners 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (signer, i) in signers: {
  name: guid(vault.id, signer, appPrincipalId, roles.keyVaultCryptoUser)
  scope: keys[i]
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultCryptoUser)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}]

resource appInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, appPrincipalId, roles.monitoringMetricsPublisher)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.monitoringMetricsPublisher)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource operatorStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in operatorOnStorage: {
  name: guid(account.id, operatorPrincipalId, role)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
  }
}]

resource operatorVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in operatorOnVault: {
  name: guid(vault.id, operatorPrincipalId, role)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
  }
}]

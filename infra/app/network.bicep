// The private way to storage and vaults: the app's subnet, a subnet of endpoints, and the names that lead to them.
param name string
param endpointPrefix string
param location string
param tags object
param storageName string
param keyVaultName string

@description('The key vault of the owners\' keys; empty: there is none.')
param ownersVaultName string

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = { name: storageName }
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: keyVaultName }

var zoneNames = [
  'privatelink.blob.${environment().suffixes.storage}'
  'privatelink.queue.${environment().suffixes.storage}'
  'privatelink.table.${environment().suffixes.storage}'
  'privatelink.vaultcore.azure.net'
]

// Queue triggers need the queue's endpoint, the log the table's, leases and packages the blob's.
var endpoints = concat([
  { name: 'blob', target: account.id, group: 'blob', zone: 0 }
  { name: 'queue', target: account.id, group: 'queue', zone: 1 }
  { name: 'table', target: account.id, group: 'table', zone: 2 }
  { name: 'vault', target: vault.id, group: 'vault', zone: 3 }
], empty(ownersVaultName) ? [] : [
  { name: 'owners', target: resourceId('Microsoft.KeyVault/vaults', ownersVaultName), group: 'vault', zone: 3 }
])

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.0.0.0/24'
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: { addressPrefix: '10.0.1.0/24', privateEndpointNetworkPolicies: 'Disabled' }
      }
    ]
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for zone in zoneNames: {
  name: zone
  location: 'global'
  tags: tags
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (zone, i) in zoneNames: {
  parent: zones[i]
  name: 'to-${name}'
  location: 'global'
  tags: tags
  properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
}]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [for endpoint in endpoints: {
  name: '${endpointPrefix}-${endpoint.name}'
  location: location
  tags: tags
  properties: {
    subnet: { id: '${network.id}/subnets/endpoints' }
    privateLinkServiceConnections: [
      { name: endpoint.name, properties: { privateLinkServiceId: endpoint.target, groupIds: [endpoint.group] } }
    ]
  }
}]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [for (endpoint, i) in endpoints: {
  parent: privateEndpoints[i]
  name: 'default'
  properties: { privateDnsZoneConfigs: [{ name: endpoint.name, properties: { privateDnsZoneId: zones[endpoint.zone].id } }] }
}]

// Only once names lead to the endpoints may the app be started with public access off.
output appSubnetId string = '${network.id}/subnets/app'

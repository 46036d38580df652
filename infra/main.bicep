// A Backstake deployment: one resource group with everything in it. infra/README.md tells what is made, and why so.
targetScope = 'subscription'

@minLength(1)
@maxLength(64)
@description('The name of the azd environment; names and tags are made from it.')
param environmentName string

@minLength(1)
@description('The region. Flex Consumption has to be offered there: az functionapp list-flexconsumption-locations')
@metadata({ azd: { type: 'location' } })
param location string

@description('Who deploys: gets the right to put secrets into the vault, and to read the records. Empty: nobody does.')
param principalId string

@description('What kind of principal that is; azd says it (a pipeline is a ServicePrincipal).')
@allowed(['User', 'Group', 'ServicePrincipal'])
param principalType string

@description('True: storage and vault are reached through private endpoints only.')
param vnetEnabled bool

@description('With the VNet: an IPv4 address from which storage and vault may be reached all the same. Empty: none.')
param allowedIp string = ''

@description('The chain that the node must be on: 1 is Ethereum\'s main network.')
param ethereumChainId int

@description('The address of the vault factory, 0x and 40 hex digits.')
@minLength(42)
@maxLength(42)
param ethereumFactory string

@description('The block of the factory\'s creation: vaults are looked for from here.')
param ethereumFactoryBlock int

@description('Who is written to when an alert fires. Empty: nobody; alerts are then seen in the portal only.')
param alertEmail string

@description('Where docs/runbook.md can be read by whoever is on call.')
param runbookUrl string = 'https://github.com/backstake/backstake/blob/main/docs/runbook.md'

@description('True: a second node, of another operator, must say the same before anything becomes money; its address is the secret ethereum-check-rpc-url.')
param checkNode bool = false

@description('True: the keys that sign on chain are made in the key vault (or were imported there) and never leave it. False: the operator puts private keys in as secrets.')
param signersInVault bool = true

@description('Numerai\'s GraphQL endpoint.')
param numeraiEndpoint string = 'https://api-tournament.numer.ai'

@description('True: owners may bring Numerai keys of their own, which lie in a key vault of their own.')
param ownersKeys bool = false

@description('Which tournaments are polled: 8 Classic, 11 Signals, 12 Crypto; comma-separated.')
param numeraiTournaments string = '8'

@description('The tip that is offered for a unit of gas, gwei.')
@minValue(0)
param priorityFeeGwei int = 1

@description('The most that is paid for a unit of gas, gwei.')
@minValue(1)
param maxFeeGwei int = 200

@description('How long after sending a transaction its block may be final.')
param watchAfter string = '00:13:00'

@description('The least that the operator sends to a holder at its own cost, NMR.')
param releasesMinimumNmr string = '0.01'

@description('NCRONTAB, UTC: polling Numerai.')
param roundsSchedule string = '0 * * * * *'

@description('NCRONTAB, UTC: watching the chain. Each time every vault is looked at, which is most of what storage and computing cost.')
param watchSchedule string = '0 */5 * * * *'

@description('NCRONTAB, UTC: sweeping up what is due.')
param sweepSchedule string = '30 */5 * * * *'

@description('NCRONTAB, UTC: taking what the host gave up, and removing what is over.')
param tidySchedule string = '45 */5 * * * *'

@description('NCRONTAB, UTC: measuring what the alerts look at. The dead man\'s switch expects it every five minutes.')
param measureSchedule string = '15 */5 * * * *'

@description('A round that isn\'t submitted so many minutes before it closes wakes somebody.')
@minValue(10)
param minutesBeforeClose int = 30

@description('What one address may spend on calls in a minute, on all instances together: a read costs 1, a quote 20. 0: no limit.')
@minValue(0)
param callsPerMinute int = 1200
@description('The origin by which people know the app, to sign in; empty: the one that Azure gives it.')
param identityOrigin string = ''

@description('The version of .NET; the project files target the same.')
param dotnetVersion string = '10.0'

@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('HTTP instances that are kept warm, and paid for. 0: the first call of an idle app waits for a cold start.')
@minValue(0)
param alwaysReadyHttpInstances int = 0

@description('Read-access geo-redundant by default: the log survives the loss of its region.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_RAGRS', 'Standard_GZRS', 'Standard_RAGZRS'])
param storageSku string = 'Standard_RAGRS'

@description('For so many days nobody can change or delete what a settlement stored.')
@minValue(1)
@maxValue(146000)
param immutabilityDays int = 365

@description('True: the retention becomes irrevocable. It can then never be shortened, and azd down fails until it is over.')
param lockImmutability bool = false

@description('The most that Log Analytics takes in a day, GB; what is above is not recorded.')
@minValue(1)
param logQuotaGb int = 1

@description('How long logs and metrics are kept, days.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

var abbreviations = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: '${abbreviations.resourcesResourceGroups}${environmentName}'
  location: location
  tags: tags
}

module identity 'app/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: '${abbreviations.managedIdentityUserAssignedIdentities}${token}'
    location: location
    tags: tags
  }
}

module monitoring 'app/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: '${abbreviations.operationalInsightsWorkspaces}${token}'
    insightsName: '${abbreviations.insightsComponents}${token}'
    location: location
    tags: tags
    quotaGb: logQuotaGb
    retentionDays: logRetentionDays
  }
}

module storage 'app/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: '${abbreviations.storageStorageAccounts}${token}'
    location: location
    tags: tags
    sku: storageSku
    isPrivate: vnetEnabled
    allowedIp: allowedIp
    immutabilityDays: immutabilityDays
    lockImmutability: lockImmutability
  }
}

module keyvault 'app/keyvault.bicep' = {
  name: 'keyvault'
  scope: group
  params: {
    name: '${abbreviations.keyVaultVaults}${token}'
    location: location
    tags: tags
    isPrivate: vnetEnabled
    allowedIp: allowedIp
    hasSigners: signersInVault
  }
}

// The owners' keys, apart from the app's own secrets: in this vault the app writes, in the other it only reads.
module ownersvault 'app/keyvault.bicep' = if (ownersKeys) {
  name: 'ownersvault'
  scope: group
  params: {
    name: '${abbreviations.keyVaultVaults}o${token}'
    location: location
    tags: tags
    isPrivate: vnetEnabled
    allowedIp: ''
    hasSigners: false
  }
}

module network 'app/network.bicep' = if (vnetEnabled) {
  name: 'network'
  scope: group
  params: {
    name: '${abbreviations.networkVirtualNetworks}${token}'
    endpointPrefix: '${abbreviations.networkPrivateEndpoints}${token}'
    location: location
    tags: tags
    storageName: storage.outputs.name
    keyVaultName: keyvault.outputs.name
    ownersVaultName: ownersKeys ? ownersvault!.outputs.name : ''
  }
}

module rbac 'app/rbac.bicep' = {
  name: 'rbac'
  scope: group
  params: {
    storageName: storage.outputs.name
    keyVaultName: keyvault.outputs.name
    insightsName: monitoring.outputs.insightsName
    appPrincipalId: identity.outputs.principalId
    signers: keyvault.outputs.signers
    ownersVaultName: ownersKeys ? ownersvault!.outputs.name : ''
    operatorPrincipalId: principalId
    operatorPrincipalType: principalType
  }
}

module app 'app/app.bicep' = {
  name: 'app'
  scope: group
  // Without its roles the app can't read its own package: the first deployment would fail with 403.
  dependsOn: [rbac]
  params: {
    name: '${abbreviations.webSitesFunctions}${token}'
    planName: '${abbreviations.webServerFarms}${token}'
    location: location
    tags: tags
    identityName: identity.outputs.name
    storageName: storage.outputs.name
    keyVaultName: keyvault.outputs.name
    insightsName: monitoring.outputs.insightsName
    subnetId: vnetEnabled ? network!.outputs.appSubnetId : ''
    checkNode: checkNode
    signersInVault: signersInVault
    dotnetVersion: dotnetVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyHttpInstances: alwaysReadyHttpInstances
    settings: {
      Numerai__Endpoint: numeraiEndpoint
      Numerai__OwnersVault: ownersKeys ? 'https://${ownersvault!.outputs.name}${environment().suffixes.keyvaultDns}' : ''
      Numerai__Tournaments: numeraiTournaments
      Ethereum__ChainId: string(ethereumChainId)
      Ethereum__Factory: ethereumFactory
      Ethereum__FactoryBlock: string(ethereumFactoryBlock)
      Ethereum__PriorityFeeGwei: string(priorityFeeGwei)
      Ethereum__MaxFeeGwei: string(maxFeeGwei)
      Ethereum__WatchAfter: watchAfter
      Releases__MinimumNmr: releasesMinimumNmr
      RateLimits__PerMinute: string(callsPerMinute)
      RateLimits__ProxiesInFront: '1' // the platform's front end
      Measures__MinutesBeforeClose: string(minutesBeforeClose)
      Identity__Origin: empty(identityOrigin) ? 'https://${abbreviations.webSitesFunctions}${token}.azurewebsites.net' : identityOrigin
      Nodes__Allowed: '' // a sandbox's alone
      RoundsSchedule: roundsSchedule
      WatchSchedule: watchSchedule
      SweepSchedule: sweepSchedule
      TidySchedule: tidySchedule
      MeasureSchedule: measureSchedule
    }
  }
}

module alerts 'app/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    insightsName: monitoring.outputs.insightsName
    rulePrefix: '${abbreviations.insightsScheduledQueryRules}${token}'
    actionGroupName: '${abbreviations.insightsActionGroups}${token}'
    email: alertEmail
    runbookUrl: runbookUrl
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_NAME string = app.outputs.name
output SERVICE_API_NAME string = app.outputs.name
output SERVICE_API_URI string = app.outputs.uri
output STORAGE_ACCOUNT_NAME string = storage.outputs.name
output KEY_VAULT_NAME string = keyvault.outputs.name
output APPLICATIONINSIGHTS_NAME string = monitoring.outputs.insightsName
output IMMUTABLE_CONTAINER string = storage.outputs.immutableContainer
output SIGNERS_IN_VAULT bool = signersInVault
output LOCK_IMMUTABILITY bool = lockImmutability

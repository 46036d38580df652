using Backstake.Infra.Tests.Rules;

namespace Backstake.Infra.Tests;

/// <summary>Our own rules hold for the deployment, and each of them finds what it is for.</summary>
public sealed class RulesTests
{
    [Fact]
    public void Deployment_KeepsEveryRule() => Assert.Empty(AllRules.Check(Deployment.OfCheckout));

    [Theory]
    [InlineData("role", "is 974c5e8b", "infra/app/rbac.bicep", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "974c5e8b-45b9-4653-ba55-5f855dd0fb88")]
    [InlineData("role", "the app lacks storageQueueDataContributor", "infra/app/rbac.bicep", "  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'\n", "")]
    [InlineData("role", "a person or a pipeline", "infra/app/rbac.bicep", "principalType: operatorPrincipalType", "principalType: 'User'")]
    [InlineData("role", "roles stand in rbac.bicep", "infra/app/app.bicep", "kind: 'functionapp'", "kind: 'b24988ac-6180-42a0-ab88-20f7382dd24c'")]
    [InlineData("role", "with no other of the vault", "infra/app/rbac.bicep", "  scope: keys[i]\n", "  scope: vault\n")]
    [InlineData("secret", "curveName: 'P-256K'", "infra/app/keyvault.bicep", "curveName: 'P-256K'", "curveName: 'P-256'")]
    [InlineData("secret", "listKeys(", "infra/app/app.bicep", "AzureWebJobsStorage__accountName: account.name", "AzureWebJobsStorage__accountName: account.listKeys().keys[0].value")]
    [InlineData("secret", "allowSharedKeyAccess: true", "infra/app/storage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true")]
    [InlineData("secret", "secret parameter", "infra/main.bicep", "param watchAfter string", "@secure()\nparam watchAfter string")]
    [InlineData("secret", "parameter stakerKey", "infra/main.bicep", "param watchAfter string = '00:13:00'", "param watchAfter string = '00:13:00'\nparam stakerKey string = ''")]
    [InlineData("secret", "output CONNECTION", "infra/app/monitoring.bicep", "output insightsName string = insights.name", "output insightsName string = insights.name\noutput CONNECTION string = insights.properties.ConnectionString")]
    [InlineData("secret", "reads NUMERAI_SECRET_KEY", "infra/main.parameters.json", "${ALERT_EMAIL}", "${NUMERAI_SECRET_KEY}")]
    [InlineData("secret", "Ethereum__StakerKey is no reference", "infra/app/app.bicep", "/ethereum-staker-key)", "/ethereum-settler-key)")]
    [InlineData("secret", "put webhook-key into the vault", "infra/hooks/postprovision.sh", "--name webhook-key", "--name other-key")]
    [InlineData("secret", "reads a secret", "infra/hooks/postdeploy.sh", "set -eu\n", "set -eu\naz keyvault secret show --name webhook-key\n")]
    [InlineData("setting", "Bicep doesn't set it", "infra/main.bicep", "      Releases__MinimumNmr: releasesMinimumNmr\n", "")]
    [InlineData("setting", "the code doesn't read it", "infra/main.bicep", "      SweepSchedule: sweepSchedule\n", "      SweepSchedule: sweepSchedule\n      SweptSchedule: sweepSchedule\n")]
    [InlineData("setting", "Flex Consumption wants no", "infra/app/app.bicep", "    AzureWebJobsStorage__credential:", "    FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'\n    AzureWebJobsStorage__credential:")]
    [InlineData("setting", "sample.json lacks it", "local.settings.sample.json", "    \"SweepSchedule\": \"30 */5 * * * *\",\n", "")]
    [InlineData("setting", "README's table lacks Webhook__Key", "README.md", "`Webhook__Key`", "the webhook key")]
    [InlineData("parameter", "alertEmail has no default", "infra/main.parameters.json", ",\n    \"alertEmail\": { \"value\": \"${ALERT_EMAIL}\" }", "")]
    [InlineData("parameter", "gives vnetEnabled", "infra/main.bicep", "param vnetEnabled bool", "param vnetEnabled bool = false")]
    [InlineData("parameter", "retentionDays is not used", "infra/app/monitoring.bicep", "retentionInDays: retentionDays", "retentionInDays: 30")]
    [InlineData("output", "SERVICE_API_URI", "infra/main.bicep", "output SERVICE_API_URI string = app.outputs.uri\n", "")]
    [InlineData("tag", "azd-env-name", "infra/main.bicep", "'azd-env-name': environmentName", "env: environmentName")]
    [InlineData("tag", "azd-service-name", "infra/app/app.bicep", "'azd-service-name': 'api'", "'azd-service-name': 'app'")]
    [InlineData("tag", "workspace", "infra/app/monitoring.bicep", "  tags: tags\n", "")]
    [InlineData("abbreviation", "keyVaultVaults is used", "infra/abbreviations.json", "  \"keyVaultVaults\": \"kv-\",\n", "")]
    [InlineData("abbreviation", "logicWorkflows is defined", "infra/abbreviations.json", "  \"keyVaultVaults\"", "  \"logicWorkflows\": \"logic-\",\n  \"keyVaultVaults\"")]
    [InlineData("module", "must come after rbac", "infra/main.bicep", "  dependsOn: [rbac]\n", "")]
    [InlineData("module", "alerts.bicep is not used", "infra/main.bicep", "'app/alerts.bicep'", "'app/alarms.bicep'")]
    [InlineData("runtime", "target .NET 10.0", "infra/main.bicep", "dotnetVersion string = '10.0'", "dotnetVersion string = '8.0'")]
    [InlineData("container", "predictions", "infra/app/storage.bicep", "var predictions = 'predictions'", "var predictions = 'forecasts'")]
    [InlineData("container", "lockImmutability must be off", "infra/main.bicep", "lockImmutability bool = false", "lockImmutability bool = true")]
    [InlineData("network", "queue has no private endpoint", "infra/app/network.bicep", "group: 'queue'", "group: 'file'")]
    [InlineData("network", "ownersvault stays open", "infra/main.bicep", "    isPrivate: vnetEnabled\n    allowedIp: ''", "    isPrivate: false\n    allowedIp: ''")]
    [InlineData("network", "isn't given ownersVaultName", "infra/main.bicep", "ownersVaultName: ownersKeys ? ownersvault!.outputs.name : ''\n  }\n}\n\nmodule rbac", "ownersVaultName: ''\n  }\n}\n\nmodule rbac")]
    [InlineData("azd", "isn't there", "azure.yaml", "infra/hooks/postdeploy.sh", "infra/hooks/afterdeploy.sh")]
    [InlineData("alert", "nobody looks at backstake.vaults.halted", "infra/app/alerts.json", "backstake.vaults.halted", "backstake.vaults.stopped")]
    [InlineData("alert", "backstake.vaults.stopped is never measured", "infra/app/alerts.json", "backstake.vaults.halted", "backstake.vaults.stopped")]
    [InlineData("alert", "queue collects", "infra/app/alerts.json", "\"poison-not-empty\", \"flow\": \"Operations\", \"queues\": [\"watch\", \"rounds\", \"submissions\", \"nodes\", \"collects\", ", "\"poison-not-empty\", \"flow\": \"Operations\", \"queues\": [\"watch\", \"rounds\", \"submissions\", \"nodes\", ")]
    [InlineData("alert", "flow Releases has no alert", "infra/app/alerts.json", "\"flow\": \"Releases\"", "\"flow\": \"Vaults\"")]
    [InlineData("alert", "looks less often", "infra/app/alerts.json", "\"every\": \"PT5M\", \"window\": \"PT10M\"", "\"every\": \"PT1H\", \"window\": \"PT10M\"")]
    [InlineData("runbook", "alert vault-halted has no section", "docs/runbook.md", "## vault-halted", "## vault halted")]
    [InlineData("runbook", "belongs to no alert", "docs/runbook.md", "## flow-idle", "## disk-full\n**Means**: no.\n**See**: no.\n**Do**: no.\n\n## flow-idle")]
    [InlineData("runbook", "link #key-rotation leads nowhere", "docs/runbook.md", "## Key rotation", "## Rotation of keys")]
    public void SeededFault_IsFound(string rule, string what, string file, string from, string to)
    {
        var findings = AllRules.Check(Deployment.OfCheckout.With(file, from, to));
        Assert.Contains(findings, finding => finding.Rule == rule && finding.What.Contains(what, StringComparison.Ordinal));
    }
}

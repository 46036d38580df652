namespace Backstake.Infra.Tests;

/// <summary>Syntax, names, resource types, properties, modules' parameters and outputs, by whatever can read Bicep here.</summary>
public sealed class BicepTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("backstake-infra-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [SkippableFact]
    public async Task Bicep_HasNoFault() => Assert.Empty(await Check(Deployment.OfCheckout));

    [SkippableTheory]
    [InlineData("infra/app/storage.bicep", "minimumTlsVersion: 'TLS1_2'", "minimalTlsVersion: 'TLS1_2'")]           // no such property
    [InlineData("infra/app/keyvault.bicep", "name: 'standard' }", "name: 'basic' }")]                               // not one of the values
    [InlineData("infra/app/storage.bicep", "sku: { name: sku }", "")]                                               // a required property
    [InlineData("infra/app/app.bicep", "httpsOnly: true", "httpsOnly: 'yes'")]                                      // a type
    [InlineData("infra/app/app.bicep", "Microsoft.Web/serverfarms@", "Microsoft.Web/serverfarm@")]                  // a resource type
    [InlineData("infra/app/keyvault.bicep", "output name string = vault.name", "output name string = safe.name")]   // a name
    [InlineData("infra/main.bicep", "    quotaGb: logQuotaGb\n", "")]                                               // a module's parameter
    [InlineData("infra/main.bicep", "    isPrivate: vnetEnabled\n", "    isSecret: vnetEnabled\n")]                  // no such parameter
    [InlineData("infra/main.bicep", "storage.outputs.name", "storage.outputs.accountName")]                         // a module's output
    [InlineData("infra/main.bicep", "'app/rbac.bicep'", "'app/roles.bicep'")]                                       // a module
    [InlineData("infra/app/network.bicep", "addressPrefix: '10.0.0.0/24'\n", "addressPrefix: '10.0.0.0/24'\n          addressPrefixs: []\n")] // a property deep inside
    [InlineData("infra/app/alerts.bicep", "severity: alert.severity", "severity: alert.severity,,")]                // syntax
    public async Task SeededFault_IsFound(string file, string from, string to) => Assert.NotEmpty(await Check(Deployment.OfCheckout.With(file, from, to)));

    async Task<IReadOnlyList<string>> Check(Deployment deployment)
    {
        Skip.If(BicepTool.Missing is not null, BicepTool.Missing);
        return await BicepTool.Find()!.Check(deployment.WriteTo(folder));
    }
}

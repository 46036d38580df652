using System.Text.Json;
using System.Text.RegularExpressions;
using Backstake.Functions.Storage;

namespace Backstake.Infra.Tests.Rules;

/// <summary>Parameters, outputs, tags, names, modules, runtime and containers, as azd, Flex Consumption and the code expect them.</summary>
static partial class ShapeRules
{
    static readonly string[] Outputs =
        ["AZURE_LOCATION", "AZURE_TENANT_ID", "AZURE_FUNCTION_NAME", "SERVICE_API_NAME", "SERVICE_API_URI", "STORAGE_ACCOUNT_NAME", "KEY_VAULT_NAME", "APPLICATIONINSIGHTS_NAME"];

    /// <summary>What the app reaches privately with the VNet.</summary>
    static readonly string[] Endpoints = ["blob", "queue", "table", "vault"];

    /// <summary>What is closed to everybody else with it.</summary>
    static readonly string[] Stores = ["storage", "keyvault", "ownersvault"];

    public static IEnumerable<Finding> Check(Deployment deployment) =>
        Parameters(deployment).Concat(Tags(deployment)).Concat(Abbreviations(deployment)).Concat(Modules(deployment))
            .Concat(Runtime(deployment)).Concat(Containers(deployment)).Concat(Network(deployment)).Concat(Azd(deployment));

    static IEnumerable<Finding> Parameters(Deployment deployment)
    {
        using var file = JsonDocument.Parse(deployment["infra/main.parameters.json"]);
        var given = file.RootElement.GetProperty("parameters").EnumerateObject().Select(it => it.Name).ToList();
        var parameters = BicepText.Parameters(deployment.Main).ToList();
        var needed = parameters.Where(it => !it.HasDefault).Select(it => it.Name).ToList();
        foreach (var name in needed.Except(given))
            yield return new("parameter", $"{name} has no default, and main.parameters.json lacks it");
        foreach (var name in given.Except(needed))
            yield return new("parameter", $"main.parameters.json gives {name}, which has a default or isn't there");
        foreach (var (path, text) in deployment.Bicep)
        {
            foreach (var (name, _, _) in BicepText.Parameters(text).Where(it => Regex.Count(text, $@"\b{it.Name}\b", RegexOptions.None, TimeSpan.FromSeconds(5)) < 2))
                yield return new("parameter", $"{path}: {name} is not used");
        }

        foreach (var name in Outputs.Except(BicepText.Outputs(deployment.Main).Select(it => it.Name)))
            yield return new("output", $"main.bicep lacks {name}");
    }

    static IEnumerable<Finding> Tags(Deployment deployment)
    {
        if (!deployment.Main.Contains("'azd-env-name': environmentName", StringComparison.Ordinal))
            yield return new("tag", "main.bicep lacks azd-env-name");
        if (!deployment["infra/app/app.bicep"].Contains("'azd-service-name': 'api'", StringComparison.Ordinal))
            yield return new("tag", "app.bicep lacks azd-service-name: azd would not find the app");
        foreach (var (path, text) in deployment.Bicep)
        {
            foreach (var (name, type, body) in BicepText.Resources(text).Where(it => it.Body.Contains("\n  location:", StringComparison.Ordinal) && !it.Body.Contains("\n  tags:", StringComparison.Ordinal)))
                yield return new("tag", $"{path}: {name} ({type}) has no tags");
        }
    }

    static IEnumerable<Finding> Abbreviations(Deployment deployment)
    {
        using var file = JsonDocument.Parse(deployment["infra/abbreviations.json"]);
        var defined = file.RootElement.EnumerateObject().Select(it => it.Name).ToList();
        var used = AbbreviationForm().Matches(deployment.Main).Select(it => it.Groups["name"].Value).Distinct().ToList();
        foreach (var name in used.Except(defined))
            yield return new("abbreviation", $"{name} is used and not defined");
        foreach (var name in defined.Except(used))
            yield return new("abbreviation", $"{name} is defined and not used");
    }

    static IEnumerable<Finding> Modules(Deployment deployment)
    {
        var used = BicepText.Modules(deployment.Main).ToList();
        foreach (var (name, path, _) in used.Where(it => !deployment.Files.ContainsKey("infra/" + it.Path)))
            yield return new("module", $"{name}: {path} isn't there");
        foreach (var (path, _) in deployment.Bicep.Where(file => file.Key != "infra/main.bicep" && used.All(it => "infra/" + it.Path != file.Key)))
            yield return new("module", $"{path} is not used");
        if (!used.Any(it => it.Name == "app" && it.Body.Contains("dependsOn: [rbac]", StringComparison.Ordinal)))
            yield return new("module", "app must come after rbac: without its roles it can't read its own package");
    }

    static IEnumerable<Finding> Runtime(Deployment deployment)
    {
        var app = deployment["infra/app/app.bicep"];
        var target = TargetForm().Match(deployment["Directory.Build.props"]).Groups["version"].Value;
        if (!deployment.Main.Contains($"param dotnetVersion string = '{target}'", StringComparison.Ordinal))
            yield return new("runtime", $"the projects target .NET {target}, main.bicep another version");
        foreach (var must in new[] { "name: 'dotnet-isolated'", "sku: { name: 'FC1', tier: 'FlexConsumption' }", "reserved: true", "kind: 'functionapp,linux'" }.Where(must => !app.Contains(must, StringComparison.Ordinal)))
            yield return new("runtime", $"app.bicep lacks {must}");
    }

    static IEnumerable<Finding> Containers(Deployment deployment)
    {
        var storage = deployment["infra/app/storage.bicep"];
        foreach (var container in new[] { BlobStore.Settlements, "predictions" }.Where(it => !storage.Contains($"= '{it}'", StringComparison.Ordinal)))
            yield return new("container", $"the code uses {container}, storage.bicep doesn't make it");
        if (!deployment["infra/app/app.bicep"].Contains("}deployments'", StringComparison.Ordinal) || !storage.Contains("= 'deployments'", StringComparison.Ordinal))
            yield return new("container", "the app's package has no container");
        foreach (var must in new[] { "immutableStorageWithVersioning: { enabled: true }", "isVersioningEnabled: true", "containers/immutabilityPolicies@", "tierToCool" }.Where(must => !storage.Contains(must, StringComparison.Ordinal)))
            yield return new("container", $"storage.bicep lacks {must}");
        if (!deployment.Main.Contains("param lockImmutability bool = false", StringComparison.Ordinal))
            yield return new("container", "lockImmutability must be off unless somebody wants it: it can't be undone");
    }

    static IEnumerable<Finding> Network(Deployment deployment)
    {
        var network = deployment["infra/app/network.bicep"];
        string BodyOf(string module) => BicepText.Modules(deployment.Main).Single(it => it.Name == module).Body;
        foreach (var service in Endpoints.Where(it => !network.Contains($"group: '{it}'", StringComparison.Ordinal)))
            yield return new("network", $"{service} has no private endpoint");
        foreach (var must in new[] { "keyVaultName: keyvault.outputs.name", "ownersVaultName: ownersKeys ? ownersvault!.outputs.name : ''" }.Where(must => !BodyOf("network").Contains(must, StringComparison.Ordinal)))
            yield return new("network", $"the network isn't given {must}");
        foreach (var store in Stores.Where(store => !BicepText.Properties(BodyOf(store), "params: {").Any(it => it.Name == "isPrivate" && it.Value == "vnetEnabled")))
            yield return new("network", $"{store} stays open with vnetEnabled");
        if (!network.Contains("serviceName: 'Microsoft.App/environments'", StringComparison.Ordinal))
            yield return new("network", "the app's subnet is not delegated to Microsoft.App/environments");
    }

    static IEnumerable<Finding> Azd(Deployment deployment)
    {
        var azure = deployment["azure.yaml"];
        if (!azure.Contains("\n  api:\n    project: ./functions/Backstake.Functions\n    language: dotnet\n    host: function\n", StringComparison.Ordinal))
            yield return new("azd", "azure.yaml has no service api for the app");
        foreach (Match hook in HookForm().Matches(azure))
        {
            var path = hook.Groups["path"].Value;
            if (!deployment.Files.ContainsKey(path))
                yield return new("azd", $"{path} isn't there");
        }

        foreach (var hook in new[] { "prepackage", "preprovision", "postprovision", "postdeploy" })
        {
            foreach (var file in new[] { $"infra/hooks/{hook}.sh", $"infra/hooks/{hook}.ps1" }.Where(file => !azure.Contains(file, StringComparison.Ordinal)))
                yield return new("azd", $"azure.yaml doesn't run {file}");
        }
    }

    [GeneratedRegex(@"abbreviations\.(?!json')(?<name>\w+)", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex AbbreviationForm();

    [GeneratedRegex(@"<TargetFramework>net(?<version>[0-9.]+)</TargetFramework>", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex TargetForm();

    [GeneratedRegex(@"run: (\.\./)*(?<path>infra/[\w./]+)", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex HookForm();
}

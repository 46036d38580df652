using System.Text.RegularExpressions;
using Backstake.Functions.Hosting.Settings;

namespace Backstake.Infra.Tests.Rules;

/// <summary>No key opens anything, and no secret goes through a deployment: not in a parameter, an output, a hook or a workflow.</summary>
static partial class SecretRules
{
    static readonly string[] Never = ["listKeys(", "listAccountSas(", "listServiceSas(", "listSecrets(", "allowSharedKeyAccess: true", "AccountKey=", "SharedAccessSignature", "Microsoft.KeyVault/vaults/secrets@"];

    static readonly (string Path, string Text)[] Always =
    [
        ("infra/app/storage.bicep", "allowSharedKeyAccess: false"), ("infra/app/storage.bicep", "allowBlobPublicAccess: false"),
        ("infra/app/storage.bicep", "minimumTlsVersion: 'TLS1_2'"), ("infra/app/storage.bicep", "supportsHttpsTrafficOnly: true"),
        ("infra/app/monitoring.bicep", "DisableLocalAuth: true"), ("infra/app/monitoring.bicep", "disableLocalAuth: true"),
        ("infra/app/keyvault.bicep", "enableRbacAuthorization: true"), ("infra/app/keyvault.bicep", "enablePurgeProtection: true"),
        ("infra/app/keyvault.bicep", "curveName: 'P-256K'"), ("infra/app/app.bicep", "httpsOnly: true"), ("infra/app/app.bicep", "ftpsState: 'Disabled'"),
        ("infra/app/app.bicep", "keyVaultReferenceIdentity: identity.id"), ("infra/app/app.bicep", "type: 'UserAssignedIdentity'"),
    ];

    public static IEnumerable<Finding> Check(Deployment deployment)
    {
        foreach (var (path, text) in deployment.Bicep)
        {
            foreach (var never in Never.Where(never => text.Contains(never, StringComparison.OrdinalIgnoreCase)))
                yield return new("secret", $"{path} has {never}");
            if (text.Contains("@secure()", StringComparison.Ordinal))
                yield return new("secret", $"{path} has a secret parameter: put the secret into the vault, name it in the settings");
            foreach (var (name, _, _) in BicepText.Parameters(text).Where(it => IsSecret(it.Name)))
                yield return new("secret", $"{path}: parameter {name}");
            foreach (var (name, value) in BicepText.Outputs(text).Where(it => IsSecret(it.Name) || LeakForm().IsMatch(it.Value)))
                yield return new("secret", $"{path}: output {name}");
        }

        foreach (var (path, must) in Always.Where(it => !deployment[it.Path].Contains(it.Text, StringComparison.Ordinal)))
            yield return new("secret", $"{path} lacks {must}");
        foreach (Match variable in VariableForm().Matches(deployment["infra/main.parameters.json"]))
        {
            if (IsSecret(variable.Groups["name"].Value.Replace("_", "", StringComparison.Ordinal)))
                yield return new("secret", $"infra/main.parameters.json reads {variable.Groups["name"].Value}");
        }

        foreach (var finding in References(deployment))
            yield return finding;
    }

    /// <summary>Every secret setting is a reference to the secret of its name, and the hook says to put it in.</summary>
    static IEnumerable<Finding> References(Deployment deployment)
    {
        var settings = SettingRules.InBicep(deployment);
        foreach (var setting in AppSettings.All.Where(it => it.Secret is not null))
        {
            if (!settings.TryGetValue(setting.Name, out var value) || !value.Contains($"@Microsoft.KeyVault(SecretUri=${{secrets}}/{setting.Secret})", StringComparison.Ordinal))
                yield return new("secret", $"{setting.Name} is no reference to the vault's {setting.Secret}");
            foreach (var hook in new[] { "infra/hooks/postprovision.sh", "infra/hooks/postprovision.ps1" }.Where(hook => !deployment[hook].Contains(setting.Secret!, StringComparison.Ordinal)))
                yield return new("secret", $"{hook} doesn't say to put {setting.Secret} into the vault");
        }

        foreach (var (name, _) in settings.Where(it => it.Value.Contains("@Microsoft.KeyVault", StringComparison.Ordinal) && AppSettings.All.All(setting => setting.Name != it.Key || setting.Secret is null)))
            yield return new("secret", $"{name} is a reference to the vault, and the app doesn't know it as a secret");
        foreach (var (path, text) in deployment.Files.Where(file => file.Key.StartsWith("infra/hooks/", StringComparison.Ordinal)))
        {
            if (ReadForm().IsMatch(text))
                yield return new("secret", $"{path} reads a secret");
        }
    }

    static bool IsSecret(string name) => NameForm().IsMatch(name);

    [GeneratedRegex("(key|secret|password|token|connectionstring|credential|rpcurl)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex NameForm();

    [GeneratedRegex(@"(ConnectionString|InstrumentationKey|listKeys|AccountKey|\.keys\[)", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex LeakForm();

    [GeneratedRegex(@"\$\{(?<name>\w+)(=[^}]*)?\}", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex VariableForm();

    [GeneratedRegex(@"^(?!\s*(#|export|\$env|`\$env|  )).*(secret show|secret download|keys list|Get-AzKeyVaultSecret)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex ReadForm();
}

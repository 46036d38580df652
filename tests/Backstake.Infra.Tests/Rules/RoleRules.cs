using System.Text.RegularExpressions;

namespace Backstake.Infra.Tests.Rules;

/// <summary>Roles are Azure's built-in ones by their right ids, each is used, none is written anywhere else, and the app has no more than it needs.</summary>
static partial class RoleRules
{
    /// <summary>Azure's built-in roles; the same in every tenant (learn.microsoft.com, "Azure built-in roles").</summary>
    static readonly Dictionary<string, string> BuiltIn = new(StringComparer.Ordinal)
    {
        ["storageBlobDataOwner"] = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        ["storageBlobDataReader"] = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        ["storageQueueDataContributor"] = "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
        ["storageTableDataContributor"] = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
        ["storageTableDataReader"] = "76199698-9eea-4c19-bc75-cec21354c6b6",
        ["keyVaultCryptoUser"] = "12338af0-0e69-4776-bea7-57ae8d297424",
        ["keyVaultSecretsUser"] = "4633458b-17de-408a-b874-0445c86b69e6",
        ["keyVaultSecretsOfficer"] = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        ["monitoringMetricsPublisher"] = "3913510d-42f4-4e42-8a64-420c390055eb",
    };

    static readonly string[] OfTheApp = ["storageBlobDataOwner", "storageQueueDataContributor", "storageTableDataContributor", "keyVaultCryptoUser", "keyVaultSecretsUser", "monitoringMetricsPublisher"];

    public static IEnumerable<Finding> Check(Deployment deployment)
    {
        var rbac = deployment["infra/app/rbac.bicep"];
        var defined = BicepText.Properties(rbac, "var roles = {").ToDictionary(it => it.Name, it => it.Value.Trim('\''), StringComparer.Ordinal);
        foreach (var (name, id) in defined)
        {
            if (!BuiltIn.TryGetValue(name, out var right))
                yield return new("role", $"{name} is not in the table of built-in roles");
            else if (id != right)
                yield return new("role", $"{name} is {id}, Azure's is {right}");
            if (!rbac.Contains($"roles.{name}", StringComparison.Ordinal))
                yield return new("role", $"{name} is defined and not used");
        }

        foreach (var role in OfTheApp.Where(role => !defined.ContainsKey(role)))
            yield return new("role", $"the app lacks {role}");
        if (!BicepText.Resources(rbac).Any(it => it.Body.Contains("roles.keyVaultCryptoUser", StringComparison.Ordinal) && it.Body.Contains("scope: keys[", StringComparison.Ordinal)))
            yield return new("role", "the app may sign with its three keys, and with no other of the vault");
        foreach (var (path, text) in deployment.Bicep.Where(file => file.Key != "infra/app/rbac.bicep"))
        {
            foreach (Match id in GuidForm().Matches(text))
                yield return new("role", $"{path} holds the id {id.Value}; roles stand in rbac.bicep");
        }

        foreach (var (name, _, body) in BicepText.Resources(rbac).Where(it => it.Name.StartsWith("app", StringComparison.Ordinal)))
        {
            if (!body.Contains("principalType: 'ServicePrincipal'", StringComparison.Ordinal))
                yield return new("role", $"{name}: an identity is a ServicePrincipal");
        }

        foreach (var (name, _, body) in BicepText.Resources(rbac).Where(it => it.Name.StartsWith("operator", StringComparison.Ordinal)))
        {
            if (!body.Contains("principalType: operatorPrincipalType", StringComparison.Ordinal))
                yield return new("role", $"{name}: whether a person or a pipeline deploys is a parameter");
        }
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.IgnoreCase, 5_000)]
    private static partial Regex GuidForm();
}

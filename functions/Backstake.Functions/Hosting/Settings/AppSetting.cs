namespace Backstake.Functions.Hosting.Settings;

/// <summary>A setting of the app.</summary>
/// <param name="Name">As an environment variable, <c>local.settings.json</c> and Bicep write it: sections are parted by two underscores.</param>
/// <param name="Purpose">What it is for, in the words of the README's table.</param>
/// <param name="Secret">Its name in the key vault; null: it isn't secret. The value of a secret is never written anywhere.</param>
/// <param name="Required">Whether the app can't do without it.</param>
/// <param name="Fault">What is wrong with a value that is there, as the end of a sentence; null: nothing.</param>
public sealed record AppSetting(string Name, string Purpose, string? Secret, bool Required, Func<string, string?> Fault)
{
    const string Reference = "@Microsoft.KeyVault(";

    /// <summary>Whether its value must never leave the process. A storage account's key lies in its connection string, on a developer's machine.</summary>
    public bool IsSecret => Secret is not null || Name == "AzureWebJobsStorage";

    /// <summary>The name by which the configuration knows it.</summary>
    public string Key => Name.Replace("__", ":", StringComparison.Ordinal);

    string Where => Secret is null
        ? "Set it under Values in local.settings.json; in Azure by its parameter in infra/main.bicep."
        : $"Set it under Values in local.settings.json; in Azure as the secret {Secret} of the key vault.";

    /// <summary>One line that says what is wrong with the value, what the setting is for and where it is set; null: it is right.</summary>
    public string? Problem(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return Required ? $"{Name} is missing: {Purpose}. {Where}" : null;
        // The platform hands on a reference that it couldn't resolve as it stands: its text would be used as the secret.
        if (value.StartsWith(Reference, StringComparison.OrdinalIgnoreCase))
            return $"{Name} is a key vault reference that wasn't resolved: {Purpose}. Put the secret {Secret} into the key vault, and give the app's identity the role Key Vault Secrets User on it.";
        return Fault(value) is { } fault ? $"{Name} {fault}: {Purpose}. {Where}" : null;
    }
}

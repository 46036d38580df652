using Backstake.Functions.Hosting.Ready;

namespace Backstake.Functions.Tests.Hosting;

/// <summary>What Azure's refusals mean: the sentence names what ends them. Azurite never refuses a role, so the answers are given here.</summary>
public sealed class StorageReadyTests
{
    [Theory]
    [InlineData(403, "AuthorizationPermissionMismatch", "give it the role Storage Table Data Contributor")]
    [InlineData(403, null, "give it the role Storage Table Data Contributor")]
    [InlineData(403, "AuthorizationFailure", "network rules of storage account st refuse the app")]
    [InlineData(403, "KeyBasedAuthenticationNotPermitted", "set AzureWebJobsStorage__accountName instead")]
    [InlineData(401, "InvalidAuthenticationInfo", "belong to the same tenant")]
    [InlineData(0, null, "can't be reached")]
    [InlineData(503, "ServerBusy", "answer with 503 ServerBusy")]
    public void Refusal_IsTheSentenceThatEndsIt(int status, string? code, string sentence) =>
        Assert.Contains(sentence, StorageReady.ProblemOf(status, code, "tables", "Storage Table Data Contributor", "storage account st"), StringComparison.Ordinal);
}

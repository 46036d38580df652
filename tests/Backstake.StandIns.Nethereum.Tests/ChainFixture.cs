using Backstake.Servers;
using Nethereum.Web3;
using Nethereum.Web3.Accounts;

namespace Backstake.StandIns.Nethereum.Tests;

/// <summary>One anvil that mines at once, with Echo deployed by its first account.</summary>
public sealed class ChainFixture : IAsyncLifetime
{
    private Anvil? anvil;

    public Uri Url => anvil!.RpcUrl;

    public string Echo { get; private set; } = "";

    public Web3 AsAccount(int index) => new(new Account(Anvil.PrivateKeys[index], 31337), Url.ToString());

    public async Task InitializeAsync()
    {
        anvil = await Anvil.StartAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var receipt = await AsAccount(0).Eth.GetContractDeploymentHandler<EchoDeployment>()
            .SendRequestAndWaitForReceiptAsync(new EchoDeployment { Name = "a name of more than thirty-two bytes of text", Counter = 7 }, limit.Token);
        Echo = receipt.ContractAddress;
    }

    public async Task DisposeAsync()
    {
        if (anvil is not null) await anvil.DisposeAsync();
    }
}

[CollectionDefinition("chain")]
public sealed class ChainGroup : ICollectionFixture<ChainFixture>;

using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>A vault that has a model, as long as it goes on.</summary>
/// <param name="IsHalted">Nothing is done for it until an operator resumes it.</param>
public sealed record ModelVault(string Id, bool IsHalted);

/// <summary>Which vaults name a model: only one can submit for it.</summary>
public sealed class ModelVaults(VaultRegistry registry, VaultStore store)
{
    /// <summary>The other vaults of this one's model, in the order of their ids, but for those that end and those that halted because the model was taken.</summary>
    public async IAsyncEnumerable<ModelVault> Others(RegisteredVault vault, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var other in registry.All(stop))
        {
            if (other.Id != vault.Id && other.ModelId == vault.ModelId && await Going(other.Id, stop) is { } going)
                yield return going;
        }
    }

    async Task<ModelVault?> Going(string vault, CancellationToken stop)
    {
        try
        {
            var state = await store.Load(vault, stop);
            return state.Record.BooksAreClosed || state.Record.Halted?.Cause == Cause.ModelTaken || state.OpenBooks is { IsWindingDown: true } ? null : new(vault, state.Record.Halted is not null);
        }
        catch (LogDamagedException)
        {
            return new(vault, IsHalted: true); // it has the model until an operator has looked
        }
    }
}

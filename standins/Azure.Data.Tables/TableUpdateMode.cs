namespace Azure.Data.Tables;

/// <summary>What happens to stored properties that the written entity lacks. Warning: the default of every method is <see cref="Merge"/>.</summary>
public enum TableUpdateMode
{
    /// <summary>They stay.</summary>
    Merge = 0,

    /// <summary>They go.</summary>
    Replace = 1,
}

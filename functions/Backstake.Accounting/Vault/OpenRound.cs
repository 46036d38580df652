using System.Runtime.InteropServices;

namespace Backstake.Accounting;

/// <summary>A round that closed and isn't resolved. <paramref name="Stake"/> is A_r, also where it is 0; <paramref name="HouseStake"/> the house's part of it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct OpenRound(Round Round, Nmr Stake, Nmr HouseStake);

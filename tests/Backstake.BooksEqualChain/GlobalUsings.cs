global using System.Numerics;
global using Backstake.Accounting;
global using Xunit;
global using ChainSeries = Backstake.Chain.Vault.SeriesId;
global using SeriesId = Backstake.Accounting.SeriesId;

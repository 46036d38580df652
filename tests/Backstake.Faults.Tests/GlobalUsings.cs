global using Backstake.Functions.Hosting;
global using Backstake.Functions.Storage;
global using Backstake.Functions.Tests.Storage;
global using Backstake.Functions.Vaults;
global using Xunit;

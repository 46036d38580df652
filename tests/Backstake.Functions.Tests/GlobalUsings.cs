global using Backstake.Functions.Hosting;
global using Xunit;

using Backstake.Functions.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<CountRuns>();
builder.UseMiddleware<PrepareStorage>();
builder.Services.AddBackstake(builder.Configuration);

await builder.Build().RunAsync();

using Backstake.StandIns.Worker.TestApp;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<NamingMiddleware>();
builder.Services.AddSingleton(new Journal(builder.Configuration["JournalFile"]));
await builder.Build().RunAsync();

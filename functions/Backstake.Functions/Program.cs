using Backstake.Functions.Backing;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Hosting;
using Backstake.Functions.Numerai;
using Backstake.Functions.Releases;
using Backstake.Functions.Rounds;
using Backstake.Functions.Settlement;
using Backstake.Functions.Storage;
using Backstake.Functions.Submissions;
using Backstake.Functions.Vaults;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<CountRuns>();
builder.UseMiddleware<PrepareStorage>();

var services = builder.Services;
services.Configure<NumeraiSettings>(builder.Configuration.GetSection("Numerai"));
services.Configure<EthereumSettings>(builder.Configuration.GetSection("Ethereum"));
services.Configure<WebhookSettings>(builder.Configuration.GetSection("Webhook"));
services.Configure<ReleaseSettings>(builder.Configuration.GetSection("Releases"));

services.AddSingleton<TimeProvider>(_ =>
    builder.Configuration["Backstake:ClockFile"] is { Length: > 0 } path ? new ClockFile(path) : TimeProvider.System);
services.AddSingleton<RunCounts>();
services.AddSingleton<StoragePreparation>();
services.AddSingleton(_ => new HttpClient { Timeout = Timeout.InfiniteTimeSpan }); // every call has its own limit
services.AddSingleton<INumerai, NumeraiClient>();

services.AddSingleton<StorageClients>();
services.AddSingleton<LogTable>();
services.AddSingleton<BlobStore>();
services.AddSingleton<VaultQueues>();
services.AddSingleton<VaultRegistry>();
services.AddSingleton<VaultStore>();
services.AddSingleton<DueSender>();

services.AddSingleton<EthereumNode>();
services.AddSingleton<Signers>();
services.AddSingleton<TransactionOutbox>();

services.AddSingleton<OpenRounds>();
services.AddSingleton<RoundOpening>();
services.AddSingleton<Webhooks>();
services.AddSingleton<PredictionStore>();
services.AddSingleton<StakeSender>();
services.AddSingleton<VaultSubmission>();
services.AddSingleton<WatchAfterwards>();
services.AddSingleton<FactoryWatcher>();
services.AddSingleton<ChainWatcher>();
services.AddSingleton<VaultSettlement>();
services.AddSingleton<SettlementSender>();
services.AddSingleton<RoundCollector>();
services.AddSingleton<ReleaseSender>();

await builder.Build().RunAsync();

using Backstake.Functions.Backers;
using Backstake.Functions.Backers.Allocation;
using Backstake.Functions.Backing;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Hosting.Disclosure;
using Backstake.Functions.Hosting.Measures;
using Backstake.Functions.Hosting.Ready;
using Backstake.Functions.Hosting.Status;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Nodes;
using Backstake.Functions.Notifications;
using Backstake.Functions.Numerai;
using Backstake.Functions.Quotes;
using Backstake.Functions.Operations;
using Backstake.Functions.Outgoing;
using Backstake.Functions.Owners;
using Backstake.Functions.Releases;
using Backstake.Functions.Rounds;
using Backstake.Functions.Settlement;
using Backstake.Functions.Storage;
using Backstake.Functions.Submissions;
using Backstake.Functions.Submissions.Intake;
using Backstake.Functions.Submissions.Record;
using Backstake.Functions.Vaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Functions.Hosting;

/// <summary>Everything that the app's functions need, but for the host itself.</summary>
public static class AppServices
{
    public static IServiceCollection AddBackstake(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<NumeraiSettings>(configuration.GetSection("Numerai"));
        services.Configure<EthereumSettings>(configuration.GetSection("Ethereum"));
        services.Configure<WebhookSettings>(configuration.GetSection("Webhook"));
        services.Configure<OutgoingSettings>(configuration.GetSection("Nodes"));
        services.Configure<ReleaseSettings>(configuration.GetSection("Releases"));
        services.Configure<RateLimitSettings>(configuration.GetSection("RateLimits"));
        services.Configure<MeasureSettings>(configuration.GetSection("Measures"));
        services.Configure<IdentitySettings>(configuration.GetSection("Identity"));

        services.AddSingleton<TimeProvider>(_ =>
            configuration["Backstake:ClockFile"] is { Length: > 0 } path ? new ClockFile(path) : TimeProvider.System);
        services.AddKeyedSingleton(MachineClock.Key, TimeProvider.System);
        services.AddSingleton<Secrets>();
        services.AddSingleton<RunCounts>();
        services.AddSingleton<StepLimits>();
        services.AddSingleton<Quarantine>();
        services.AddSingleton<OperatorOrders>();
        services.AddSingleton<VaultResumption>();
        services.AddSingleton<VaultImport>();
        services.AddSingleton<StoragePreparation>();
        services.AddSingleton<Transports>();
        services.AddSingleton(all => all.GetRequiredService<Transports>().Numerai is { } handler
            ? new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan }
            : new HttpClient { Timeout = Timeout.InfiniteTimeSpan }); // every call has its own limit
        services.AddSingleton<OwnersKeys>();
        services.AddSingleton<NumeraiCalls>();
        services.AddSingleton<INumerai, NumeraiClient>();

        services.AddSingleton<StorageClients>();
        services.AddSingleton<LogTable>();
        services.AddSingleton<LogAudit>();
        services.AddSingleton<BlobStore>();
        services.AddSingleton<VaultQueues>();
        services.AddSingleton<VaultRegistry>();
        services.AddSingleton<VaultStore>();
        services.AddSingleton<VaultHistory>();
        services.AddSingleton<VaultReads>();
        services.AddSingleton<LogEnds>();
        services.AddSingleton<VaultList>();
        services.AddSingleton<VaultStories>();
        services.AddSingleton<VaultOwners>();
        services.AddSingleton<VaultQuotes>();
        services.AddSingleton<DueSender>();
        services.AddSingleton<IdempotentAnswers>();
        services.AddSingleton<SharedBudgets>();
        services.AddSingleton<RateLimits>();

        services.AddSingleton<IdentityTable>();
        services.AddSingleton<Nonces>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<Callers>();
        services.AddSingleton<ContractSignature>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<BackerAccount>();
        services.AddSingleton<VaultActs>();
        services.AddSingleton<WalletSignature>();
        services.AddSingleton<SignedDocuments>();
        services.AddSingleton<OwnershipTable>();
        services.AddSingleton<ModelOwners>();
        services.AddSingleton<ModelVaults>();
        services.AddSingleton<TermsOffers>();
        services.AddSingleton<VaultCreation>();
        services.AddSingleton<Disclosures>();
        services.AddSingleton<Allocations>();
        services.AddSingleton<AllocatedPayment>();

        services.AddSingleton<EthereumNode>();
        services.AddSingleton<Signers>();
        services.AddSingleton<OutboxTable>();
        services.AddSingleton<TransactionOutbox>();

        services.AddSingleton<OpenRounds>();
        services.AddSingleton<PassedRounds>();
        services.AddSingleton<RoundOpening>();
        services.AddSingleton<Webhooks>();
        services.AddSingleton<PredictionStore>();
        services.AddSingleton<PredictionConsistency>();
        services.AddSingleton<PredictionIntake>();
        services.AddSingleton<Delegates>();
        services.AddSingleton<NodeTable>();
        services.AddSingleton<OutgoingTransport>();
        services.AddSingleton<OutgoingSecrets>();
        services.AddSingleton<OutgoingCaller>();
        services.AddSingleton<NodeSignature>();
        services.AddSingleton<NodeCaller>();
        services.AddSingleton<NodeDelivery>();
        services.AddSingleton<SubscriberTable>();
        services.AddSingleton<DeliveryTable>();
        services.AddSingleton<VaultTelling>();
        services.AddSingleton<NotificationDelivery>();
        services.AddSingleton<NotificationSettings>();
        services.AddSingleton<HeldSubmissions>();
        services.AddSingleton<SubmissionTurns>();
        services.AddSingleton<RestingRounds>();
        services.AddSingleton<StakeSender>();
        services.AddSingleton<VaultSubmission>();
        services.AddSingleton<WatchAfterwards>();
        services.AddSingleton<ChangedVaults>();
        services.AddSingleton<FactoryWatcher>();
        services.AddSingleton<ChainWatcher>();
        services.AddSingleton<VaultSettlement>();
        services.AddSingleton<DocumentRepair>();
        services.AddSingleton<SettlementSender>();
        services.AddSingleton<RoundCollector>();
        services.AddSingleton<ReleaseSender>();

        services.AddSingleton<ChainIdentity>();
        services.AddSingleton<StorageReady>();
        services.AddSingleton<ChainReady>();
        services.AddSingleton<NumeraiReady>();
        services.AddSingleton<FlowTimes>();
        services.AddSingleton<QueueLengths>();
        services.AddMetrics();
        services.AddSingleton<Meters>();
        services.AddSingleton<VaultLook>();
        services.AddSingleton<SignerLook>();
        return services;
    }
}

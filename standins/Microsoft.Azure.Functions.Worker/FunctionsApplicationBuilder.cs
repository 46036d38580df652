using System.Text.Json;
using Microsoft.Azure.Functions.Worker.LocalHost;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    readonly HostApplicationBuilder builder;
    readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware = [];
    bool built;

    internal FunctionsApplicationBuilder(string[]? args)
    {
        var localSettings = LocalSettings.Load();
        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables("AZURE_FUNCTIONS_");
        builder = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = args,
            Configuration = configuration,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = configuration[HostDefaults.EnvironmentKey] ?? Environments.Development,   // as func start sets it
        });
        builder.Logging.ClearProviders();
        builder.Services.Configure<JsonSerializerOptions>(options => options.PropertyNameCaseInsensitive = true);
        builder.Services.AddSingleton(_ => HostFile.Read(AppContext.BaseDirectory));
        builder.Services.AddSingleton(HostAddress.From(args ?? [], localSettings));
        builder.Services.AddSingleton<ILoggerProvider, ConsoleProvider>();
        builder.Services.AddSingleton<HostKeys>();
        builder.Services.AddSingleton<SettingNames>();
        builder.Services.AddSingleton<HostStorage>();
        builder.Services.AddSingleton<FunctionCatalog>();
        builder.Services.AddSingleton<ParameterBinding>();
        builder.Services.AddSingleton<FunctionInvoker>();
        builder.Services.AddSingleton<HostServer>();
        builder.Services.AddHostedService<LocalHostService>();
    }

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)builder).Properties;

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    public ConfigurationManager Configuration => builder.Configuration;

    public IHostEnvironment Environment => builder.Environment;

    public ILoggingBuilder Logging => builder.Logging;

    public IMetricsBuilder Metrics => builder.Metrics;

    public IServiceCollection Services => builder.Services;

    public IHost Build()
    {
        RefuseIfBuilt();
        built = true;
        builder.Services.AddSingleton(new InvocationPipeline(middleware));
        return builder.Build();
    }

    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull =>
        builder.ConfigureContainer(factory, configure);

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        RefuseIfBuilt();
        this.middleware.Add(middleware);
        return this;
    }

    void RefuseIfBuilt()
    {
        if (built)
            throw new InvalidOperationException("The application has already been built.");
    }
}

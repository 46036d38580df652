using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.LocalHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker;

public sealed class QueueTriggerAttribute(string queueName) : TriggerBindingAttribute, IListenedTrigger
{
    public string QueueName { get; } = queueName;

    public string? Connection { get; set; }

    string ITrigger.BindingType => "queueTrigger";

    string? ITrigger.Refuses(Type type) => null;

    ITriggerListener IListenedTrigger.Listen(FunctionEntry function, IServiceProvider services)
    {
        var name = services.GetRequiredService<SettingNames>().Resolve(QueueName, function.Name).ToLowerInvariant();
        var options = QueueOptions.From(services.GetRequiredService<HostFile>().Queues);
        var account = services.GetRequiredService<HostStorage>().Account(Connection, function.Name);
        var takesMessage = function.TriggerParameter.ParameterType == typeof(QueueMessage);
        return new QueueListener(
            function, new TriggerQueue(account, name, options), options, takesMessage, services.GetRequiredService<FunctionInvoker>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Host.Queues"));
    }
}

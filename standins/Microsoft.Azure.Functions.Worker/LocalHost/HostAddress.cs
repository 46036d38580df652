using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>Where the host listens, on loopback only: <c>--port</c>, else local.settings.json's LocalHttpPort, else 7071. 0 takes a free port.</summary>
sealed record HostAddress(int Port)
{
    const int DefaultPort = 7071;   // func start's

    public static HostAddress From(string[] args, LocalSettings localSettings)
    {
        var asked = new ConfigurationBuilder().AddCommandLine(args).Build()["port"];
        if (asked is null)
            return new HostAddress(localSettings.Port ?? DefaultPort);
        if (!int.TryParse(asked, out var port) || port is < 0 or > 65535)
            throw new HostRefusalException($"--port {asked}: give a number from 0 to 65535.");
        return new HostAddress(port);
    }
}

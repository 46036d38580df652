namespace Backstake.Functions.Http;

/// <summary>Section <c>RateLimits</c>.</summary>
public sealed class RateLimitSettings
{
    /// <summary>What one address may spend in a minute, on all instances together: a read costs 1, a quote 20. 0: there is no limit.</summary>
    public int PerMinute { get; set; } = 1_200;

    /// <summary>How many proxies in front of the app add the address they were called from to X-Forwarded-For. 0: the header is anybody's word and is ignored.</summary>
    public int ProxiesInFront { get; set; }
}

using System.Collections.Frozen;

namespace Backstake.Functions.Hosting.Disclosure;

/// <summary>What may leave the process in logs and traces: these fields and no other. A new one is put here on purpose, or it is dropped.</summary>
public static class Disclosed
{
    /// <summary>The template of a log line: a constant of somebody's code.</summary>
    public const string Template = "{OriginalFormat}";

    /// <summary>The fields of log lines: names, numbers, addresses, kinds.</summary>
    public static readonly FrozenSet<string> Fields = FrozenSet.Create(StringComparer.Ordinal,
        Template, "Vault", "Queue", "Function", "Signer", "Purpose", "Hash", "Fee", "Block", "Differences", "Attempts", "Id", "Step", "Subject", "Cause", "Kind", "What", "By",
        // The worker's own line about a step that failed.
        "functionName", "invocationId");

    /// <summary>Fields that are sentences: ours, or what the world outside said. The secrets that the app knows are struck out of them.</summary>
    public static readonly FrozenSet<string> Sentences = FrozenSet.Create(StringComparer.Ordinal, "Reason", "Detail", "Trouble", "Why");

    /// <summary>The tags of traces: ours, and what the worker says of an invocation.</summary>
    public static readonly FrozenSet<string> Tags = FrozenSet.Create(StringComparer.Ordinal,
        "vault", "round", "week", "faas.name", "faas.trigger", "faas.invocation_id", "faas.coldstart", "az.schema_url", "otel.status_code");
}

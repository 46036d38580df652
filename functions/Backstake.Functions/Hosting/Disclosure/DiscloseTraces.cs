using System.Diagnostics;
using OpenTelemetry;

namespace Backstake.Functions.Hosting.Disclosure;

/// <summary>Lets out of each trace the tags that <see cref="Disclosed"/> lists. Why a step failed is its kind alone, which <see cref="TraceSteps"/> says.</summary>
public sealed class DiscloseTraces : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        foreach (var tag in data.TagObjects.Where(tag => !Disclosed.Tags.Contains(tag.Key)).ToList())
            data.SetTag(tag.Key, null);
        if (data.Source.Name != TraceSteps.SourceName)
            data.SetStatus(data.Status);
    }
}

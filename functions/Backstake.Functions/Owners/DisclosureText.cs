using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Backstake.Functions.Owners;

/// <summary>
/// An owner's Markdown as HTML that can do nothing: raw HTML is shown as text, links lead to https or mail alone, and pictures become links, so that looking asks nobody else. What is written
/// comes from Markdig's own renderers, which encode every text.
/// </summary>
public static class DisclosureText
{
    public const int CharactersMost = 20_000;

    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().Build();

    public static string Html(string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var link in document.Descendants<LinkInline>())
        {
            link.IsImage = false;
            if (!MayLead(link.GetDynamicUrl?.Invoke() ?? link.Url))
                (link.Url, link.GetDynamicUrl) = ("", null);
        }

        foreach (var link in document.Descendants<AutolinkInline>().Where(link => !link.IsEmail && !MayLead(link.Url)).ToList())
            link.ReplaceBy(new LiteralInline(link.Url));
        return document.ToHtml(Pipeline);
    }

    /// <summary>Markdig gives up on text that is nested beyond any sense.</summary>
    public static bool CanBeShown(string markdown)
    {
        try
        {
            Html(markdown);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    static bool MayLead(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeMailto);
}

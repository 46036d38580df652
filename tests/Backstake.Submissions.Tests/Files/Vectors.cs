using System.Text.Json;

namespace Backstake.Submissions.Tests.Files;

/// <summary>tests/vectors: what Numerai's own code answers.</summary>
static class Vectors
{
    public static JsonDocument Open(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", file)));
}

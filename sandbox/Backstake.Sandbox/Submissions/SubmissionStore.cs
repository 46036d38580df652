using System.Globalization;
using System.Security.Cryptography;
using Backstake.Sandbox.GraphQl;
using Backstake.Sandbox.Rounds;

namespace Backstake.Sandbox.Submissions;

/// <summary>Uploads and submissions: what was asked for, put, created, and which one counts. Safe from several threads.</summary>
internal sealed class SubmissionStore(RoundCalendar calendar, LiveData live, TimeProvider clock, long seed)
{
    /// <summary>Largest file taken, in bytes: a Classic file has about 200 kB.</summary>
    public const int MaxFileBytes = 32 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Upload> uploads = new(StringComparer.Ordinal);   // by filename
    private readonly Dictionary<Guid, Submission> submissions = [];
    private readonly Dictionary<(TournamentKind, int), IReadOnlySet<string>> liveIds = [];
    private long sequence;

    private sealed record Upload(SandboxModel Model, byte[]? File);

    /// <summary>A name to upload under: the client's, with a part that makes it unique ("predictions-4f0c….csv"). It can be put again until it is submitted.</summary>
    public string NewUpload(SandboxModel model, string filename)
    {
        var stem = new string(Path.GetFileNameWithoutExtension(filename).Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_').Take(80).ToArray());
        var extension = Path.GetExtension(filename).ToLowerInvariant();
        if (extension is not (".csv" or ".parquet"))
        {
            throw new GraphQlException($"Unsupported file type: {filename}. Use .csv or .parquet.");
        }
        lock (gate)
        {
            var name = $"{stem}-{NewId("upload"):N}"[..(stem.Length + 13)] + extension;
            uploads[name] = new Upload(model, null);
            return name;
        }
    }

    /// <summary>False: nobody asked for that name.</summary>
    public bool TryPut(string filename, byte[] file)
    {
        lock (gate)
        {
            if (!uploads.TryGetValue(filename, out var upload))
            {
                return false;
            }
            uploads[filename] = upload with { File = file };
            return true;
        }
    }

    /// <summary>
    /// Makes a submission of an uploaded file for the current round. A file that breaks the rules still becomes one, with status "error", and is not selected.
    /// GraphQlException: no round takes submissions, or nothing was uploaded under that name for that model.
    /// </summary>
    public Submission Create(SandboxModel model, string filename, string? triggerId, string? source)
    {
        var now = clock.GetUtcNow();
        var round = calendar.Current(now) ?? throw new GraphQlException("Current round not open for submissions");
        lock (gate)
        {
            if (!uploads.TryGetValue(filename, out var upload) || upload.Model != model || upload.File is null)
            {
                throw new GraphQlException($"No file was uploaded as {filename} for this model");
            }
            var errorInfo = SubmissionCheck.FindError(model.Tournament, upload.File, LiveIds(model.Tournament, round.Number), out _);
            var submission = new Submission(
                NewId("submission"), model, round, filename, upload.File, Convert.ToHexStringLower(SHA256.HashData(upload.File)), errorInfo,
                IsLate: !round.IsOpenForStaking(now), now, triggerId, source, ++sequence);
            submissions.Add(submission.Id, submission);
            return submission;
        }
    }

    public Submission? Find(Guid id)
    {
        lock (gate)
        {
            return submissions.GetValueOrDefault(id);
        }
    }

    /// <summary>All of a model, newest first.</summary>
    public IReadOnlyList<Submission> Of(SandboxModel model)
    {
        lock (gate)
        {
            return submissions.Values.Where(s => s.Model == model).OrderByDescending(s => s.Sequence).ToList();
        }
    }

    /// <summary>The one that counts for a round: the newest accepted one made before closeStakingTime; null: none.</summary>
    public Submission? Selected(SandboxModel model, int round) => Of(model).FirstOrDefault(s => s.Round.Number == round && s.ErrorInfo is null && !s.IsLate);

    private IReadOnlySet<string> LiveIds(TournamentKind tournament, int round)
    {
        if (!liveIds.TryGetValue((tournament, round), out var ids))
        {
            liveIds[(tournament, round)] = ids = live.Ids(tournament, round).ToHashSet();
        }
        return ids;
    }

    private Guid NewId(string kind) => SandboxModel.MakeId($"{kind}|{seed}|{(++nextId).ToString(CultureInfo.InvariantCulture)}");

    private long nextId;
}

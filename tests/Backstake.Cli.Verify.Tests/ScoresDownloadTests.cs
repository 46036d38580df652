using Backstake.Cli.Scores;
using Backstake.Sandbox;
using Backstake.Sandbox.Api;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Scores;
using Backstake.Sandbox.Time;

namespace Backstake.Cli.Verify.Tests;

/// <summary>Scores (also small ones, which JSON writes with an exponent) come from the API into the two files as they are: the sandbox's API gives back the files that it was started with.</summary>
public sealed class ScoresDownloadTests : IAsyncLifetime
{
    private const int First = 843;
    private const int Last = 850;

    private static readonly string Corr = string.Join('\n', ["roundNumber,ALPHA,BETA_2", "843,0.02870239,-0.1", "844,1E-10,", "845,,0.0244964", "846,1,2", "847,0,0", "848,,", "849,0.5,0.5", "850,-0.25,0.125", ""]);
    private static readonly string Mmc = string.Join('\n', ["roundNumber,ALPHA,BETA_2", "843,0.001,0.002", "844,0.003,", "845,,-0.004", "846,0.005,0.006", "847,0.007,0.008", "848,,", "849,0.009,0.01", "850,0.011,0.012", ""]);

    private readonly string _folder = Directory.CreateTempSubdirectory("backstake-").FullName;
    private readonly HttpClient _http = new();
    private readonly VirtualClock _clock = new(new DateTimeOffset(2024, 12, 1, 0, 0, 0, TimeSpan.Zero));
    private Tournament _tournament = null!;

    public async Task InitializeAsync() => _tournament = await Tournament.StartAsync(new TournamentOptions
    {
        Clock = _clock,
        Calendar = new RoundCalendar(First, new DateOnly(2024, 10, 1), Last),
        Scores = new SandboxScores(ScoreTable.Read(new StringReader(Corr), "corr"), ScoreTable.Read(new StringReader(Mmc), "mmc"), "a test"),
    });

    public async Task DisposeAsync()
    {
        await _tournament.DisposeAsync();
        _http.Dispose();
        _clock.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void TheFiles_AreThoseOfTheApi_ValueForValue()
    {
        var run = Command("ALPHA,BETA_2", "843-850", _folder);
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Equal(Corr, File.ReadAllText(Path.Combine(_folder, SandboxScores.Corr20File)));
        Assert.Equal(Mmc, File.ReadAllText(Path.Combine(_folder, SandboxScores.Mmc20File)));
        Assert.Contains("24 scores of 2 models in rounds 843 to 850", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SomeModelsAndRounds_CanBeChosen_InAnyOrder()
    {
        await Download().Write(["BETA_2", "ALPHA"], 845, 846, new DirectoryInfo(_folder), CancellationToken.None);
        Assert.Equal("roundNumber,BETA_2,ALPHA\n845,0.0244964,\n846,2,1\n", await File.ReadAllTextAsync(Path.Combine(_folder, SandboxScores.Corr20File)));
    }

    [Theory]
    [InlineData(FaultKind.BadGatewayHtml)]
    [InlineData(FaultKind.OkHtml)]
    [InlineData(FaultKind.Empty)]
    [InlineData(FaultKind.TruncatedJson)]
    [InlineData(FaultKind.TooManyRequests)]
    [InlineData(FaultKind.Abort)]
    public async Task APassingFault_IsAskedAgain_AndALastingOneEndsInOneLine(FaultKind kind)
    {
        _tournament.Faults.Add(new Fault(kind, "v2RoundModelPerformances", Times: 4));
        Assert.Equal(12, await Download().Write(["ALPHA"], First, Last, new DirectoryInfo(_folder), CancellationToken.None));

        Directory.Delete(_folder, recursive: true);
        _tournament.Faults.Add(new Fault(kind));
        var failure = await Assert.ThrowsAsync<ScoresUnavailableException>(() => Download().Write(["ALPHA"], First, Last, new DirectoryInfo(_folder), CancellationToken.None));
        Assert.Contains("try again later, or name another --endpoint.", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder));
        Directory.CreateDirectory(_folder);
    }

    [Theory]
    [InlineData("GAMMA", "843-850", "refuses v3UserProfile of {\"modelName\":\"GAMMA\"}: Model not found")]
    [InlineData("ALPHA", "843-900", "There is no round 900 yet: the newest is 850.")]
    [InlineData("ALPHA", "848-848", "None of ALPHA has a CORR20 or MMC20 score in rounds 848 to 848.")]
    [InlineData("ALPHA,alpha", "843-850", "--models: ")]
    [InlineData("A LPHA", "843-850", "--models: ")]
    [InlineData("ALPHA", "850-843", "--rounds: ")]
    [InlineData("ALPHA", "843", "--rounds: ")]
    public void WhatCannotBeHad_IsSaid_AndNothingIsWritten(string models, string rounds, string message)
    {
        var run = Command(models, rounds, _folder);
        Assert.Equal(1, run.Status);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task ARoundThatIsNotResolved_IsRefused()
    {
        using var early = new VirtualClock(new DateTimeOffset(2024, 10, 20, 0, 0, 0, TimeSpan.Zero));
        await using var tournament = await Tournament.StartAsync(new TournamentOptions { Clock = early, Calendar = _tournament.Calendar, Scores = _tournament.Scores });
        var download = new ScoresDownload(new NumeraiScores(_http, tournament.Address, TimeSpan.Zero));
        var failure = await Assert.ThrowsAsync<ScoresUnavailableException>(() => download.Write(["ALPHA"], First, Last, new DirectoryInfo(_folder), CancellationToken.None));
        Assert.Matches("^Round 8[0-9]+ is not resolved yet: choose an earlier last round.$", failure.Message);
    }

    private ScoresDownload Download() => new(new NumeraiScores(_http, _tournament.Address, TimeSpan.Zero));

    private CommandRun Command(string models, string rounds, string folder) =>
        CommandRun.Of("scores", "download", "--models", models, "--rounds", rounds, "--out", folder, "--endpoint", _tournament.Address.ToString());
}

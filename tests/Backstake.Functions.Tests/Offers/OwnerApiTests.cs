using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Backstake.Functions.Tests.Http;
using Backstake.Functions.Tests.Storage;

namespace Backstake.Functions.Tests.Offers;

/// <summary>What owners ask over HTTP, of the app as a process of its own.</summary>
[Collection(StorageGround.Collection)]
public sealed class OwnerApiTests(ApiGround ground) : IClassFixture<ApiGround>
{
    /// <summary>Two units won 1 NMR together; a fifth of it waits a week inside them.</summary>
    [Fact]
    public async Task Income_TellsWhatWaitsInsideUnits()
    {
        var income = JsonNode.Parse(await ground.Http.GetStringAsync(new Uri($"api/vaults/{ground.Vault}/income", UriKind.Relative)))!;
        Assert.Equal(("0", "0.2", "0"), ((string)income["taken"]!, (string)income["waiting"]!, (string)income["cover"]!));
        Assert.Equal("""[{"week":2,"from":3,"amount":"0.2"}]""", income["waitingByWeek"]!.ToJsonString());
        var units = income["classes"]!.AsArray().Single()!;
        Assert.Equal((1, 2, "0.2"), ((int)units["entryWeek"]!, (int)units["units"]!, (string)units["waiting"]![0]!["amount"]!));
        Assert.Empty(income["weeks"]!.AsArray());
    }

    /// <summary>The books refuse before any node is asked: here there is none.</summary>
    [Theory]
    [InlineData("""{"act":"askHouse","amount":"1"}""", "houseEncumbered", HttpStatusCode.Conflict, null, "houseSpare")]
    [InlineData("""{"act":"askReserve","amount":"1"}""", "reserveLocked", HttpStatusCode.Conflict, null, "reserveUnlocked")]
    [InlineData("""{"act":"addHouse","amount":"0"}""", "amountNotPositive", HttpStatusCode.Conflict)]
    [InlineData("""{"act":"addHouse","amount":1}""", "malformed", HttpStatusCode.BadRequest, "amount")]
    [InlineData("""{"act":"addHouse","amount":"11000001"}""", "malformed", HttpStatusCode.BadRequest, "amount")]
    [InlineData("""{"act":"withdrawOffer","terms":"T1"}""", "malformed", HttpStatusCode.BadRequest, "terms")]
    [InlineData("""{"act":"upgrade"}""", "malformed", HttpStatusCode.BadRequest, "act")]
    [InlineData("""{"act":"moveCut","fromWeek":5,"shiftSeconds":259200}""", "malformed", HttpStatusCode.BadRequest, "shiftSeconds")]
    [InlineData("""{"act":"moveCut","fromWeek":65536,"shiftSeconds":-3600}""", "malformed", HttpStatusCode.BadRequest, "fromWeek")]
    [InlineData("""{"act":"announceStaker","stakers":"0x12"}""", "malformed", HttpStatusCode.BadRequest, "stakers")]
    [InlineData("""{"act":"adoptStaker","stakers":"0x12"}""", "malformed", HttpStatusCode.BadRequest, "stakers")]
    [InlineData("""{"act":"windDown"}""", "unavailable", HttpStatusCode.ServiceUnavailable)]
    [InlineData("""{"act":"moveCut","fromWeek":5,"shiftSeconds":-3600}""", "unavailable", HttpStatusCode.ServiceUnavailable)]
    [InlineData("""{"act":"announceStaker","stakers":"0x5fbdb2315678afecb367f032d93f642f64180aa3"}""", "unavailable", HttpStatusCode.ServiceUnavailable)]
    [InlineData("""{"act":"adoptStaker"}""", "unavailable", HttpStatusCode.ServiceUnavailable)]
    public async Task AnAct_IsRefusedByTheBooksFirst(string act, string code, HttpStatusCode status, string? param = null, string? number = null)
    {
        using var body = new StringContent(act, Encoding.UTF8, "application/json");
        using var answer = await ground.Http.PostAsync(new Uri($"api/vaults/{ground.Vault}/owner/transactions", UriKind.Relative), body);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((status, code, param), (answer.StatusCode, (string)problem["code"]!, (string?)problem["param"]));
        Assert.Equal(number is not null, number is not null && problem["numbers"]!.AsObject().ContainsKey(number));
    }

    [Fact]
    public async Task AnOffer_IsToldOfTermsThatAreOnChain_AndOfNoOthers()
    {
        var offer = JsonNode.Parse(await ground.Http.GetStringAsync(new Uri($"api/vaults/{ground.Vault}/terms/{History.TermsOne}/offer", UriKind.Relative)))!;
        Assert.Equal(("offered", null), ((string)offer["status"]!, (string?)offer["signature"]));
        Assert.Equal(HttpStatusCode.NotFound, (await ground.Http.GetAsync(new Uri($"api/vaults/{ground.Vault}/terms/{new string('0', 64)}/offer", UriKind.Relative))).StatusCode);
    }
}

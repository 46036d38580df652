using Backstake.Accounting;
using Backstake.Functions.Identity;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Backers;

/// <summary>Reads of one vault that are about whoever asks.</summary>
public static class OwnReads
{
    public static Task<IActionResult> AnswerOwn(this VaultReads reads, HttpRequest request, string id, Func<VaultState, Backer, Task<IActionResult>> answer, CancellationToken stop)
    {
        var caller = request.Caller(ApiScope.ReadOwn);
        return caller.IsRefused(out var refusal) ? Task.FromResult<IActionResult>(refusal) : reads.Answer(request, id, state => answer(state, new Backer(caller.Value.Address)), stop);
    }
}

using Spectre.Console;

namespace Backstake.Season;

/// <summary>Progress while the season plays: a live line on a terminal, a line a week elsewhere.</summary>
public sealed class ProgressDisplay(IAnsiConsole screen) : IProgress<SeasonProgress>
{
    StatusContext? status;
    int weekSaid = -1;

    public async Task Show(Func<Task> play)
    {
        if (screen.Profile.Capabilities.Interactive)
            await screen.Status().StartAsync("Playing …", context =>
            {
                status = context;
                return play();
            });
        else
            await play();
    }

    public void Report(SeasonProgress value)
    {
        var line = $"{value.Done * 100 / value.Of} %  {value.Time:yyyy-MM-dd HH:mm}  round {value.Round}  week {value.Week}  {value.Vaults} vaults  "
            + $"{value.Staked:0.##} NMR staked  {value.Paid:0.##} NMR paid";
        if (status is not null)
            status.Status(Markup.Escape(line));
        else if (value.Week != weekSaid)
        {
            weekSaid = value.Week;
            screen.WriteLine(line);
        }
    }
}

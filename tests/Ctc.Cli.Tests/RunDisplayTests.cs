using Ctc.Cli.Terminal;
using Spectre.Console;

namespace Ctc.Cli.Tests;

/// <summary>Where the progress of a run has a bar.</summary>
public class RunDisplayTests
{
    // The line of an epoch has up to 80 columns: on a narrower terminal it takes two rows, and remains of the bar stay.
    [TestCase(79, InteractionSupport.Yes, false)]
    [TestCase(80, InteractionSupport.Yes, true)]
    [TestCase(200, InteractionSupport.No, false)]
    public void A_bar_needs_an_interactive_terminal_of_80_columns(int columns, InteractionSupport interactive, bool hasBar)
    {
        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes, Interactive = interactive, Out = new AnsiConsoleOutput(TextWriter.Null),
        });
        terminal.Profile.Width = columns;
        Assert.That(RunDisplay.HasBar(terminal.Profile), Is.EqualTo(hasBar));
    }
}

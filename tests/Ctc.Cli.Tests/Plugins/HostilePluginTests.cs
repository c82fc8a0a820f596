using Ctc.Cli.Commands;
using Ctc.Configuration.Schema;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Plugins;

/// <summary>Plugins that hang, exit, print and inject: what they do to commands that look at them, and to commands that do not use them.</summary>
[Category("Slow")]
public class HostilePluginTests
{
    private static readonly string[] All = [.. Directory.GetDirectories(InTests()).Order()];

    [Test]
    public void Control_characters_of_a_plugin_are_shown_and_not_executed()
    {
        CommandOutput show = CtcCommand.Run(Places(InTests("Injecting")), "plugins", "show", "injecting");
        Assert.That((show.ExitCode, show.Error), Is.EqualTo((0, "")));
        Assert.That(show.Output.Any(letter => (char.IsControl(letter) && letter != '\n') || letter == '\u202E'), Is.False);
        Assert.That(show.Output, Does.StartWith("injecting, loss weighting: \\u001B[31mred\\u001B[0m \\u001B]0;TITLE\\u0007 <script>"));
        Assert.That(show.Output, Does.Contain("\\u202Egnp.exe\\u000APROBLEM /opt/fake.dll: a forged line\n"));
        Assert.That(show.Output.Split('\n'), Has.None.StartsWith("PROBLEM"));
    }

    [Test]
    public void Commands_that_do_not_use_a_plugin_run_none_of_its_code()
    {
        CommandOutput explain = CtcInProcess.Run(Places(All), "explain", "configs/smoke.yaml");
        Assert.That((explain.ExitCode, explain.Error), Is.EqualTo((0, "")));
    }

    // The first hangs as its options are created, the second as the part is. Its thread ends with the process of the tests.
    [TestCase("HangingModule", "hanging-module")]
    [TestCase("HangingConstructor", "hanging-constructor")]
    public void A_part_that_is_never_created_is_named_with_its_plugin(string plugin, string part)
    {
        using var reported = new ReportedLine();
        TextWriter error = Console.Error;
        try
        {
            Console.SetError(reported);
            Task hanging = Task.Factory.StartNew(() => Create(plugin, part), TaskCreationOptions.LongRunning);
            Task.WaitAny([reported.Line, hanging], TimeSpan.FromMinutes(1));
        }
        finally
        {
            Console.SetError(error);
        }

        Assert.That(reported.Line.IsCompleted, Is.True, "nothing was reported");
        Assert.That(reported.Line.Result, Is.EqualTo(
            $"ctc: the loss weighting '{part}' of {Path.Combine(InTests(plugin), $"{plugin}.dll")} is not created after 0.5 s; expected its plugin " +
            "to return. The command waits."));
    }

    [Test]
    public void Text_that_a_plugin_prints_is_not_on_the_standard_output()
    {
        using var folder = new TemporaryFolder();
        CommandOutput run = CtcInProcess.Run(
            Places(InTests("Printing")), "run", "configs/smoke.yaml", "objective.weighting=[noisy]", "train.epochs=1", "--output", folder.In("run"));
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output, Does.Not.Contain("NOISE").And.Not.Contain("noise").And.Not.Contain("ctc-message"));
        Assert.That(run.Error, Does.Contain("NOISE \\u001B[31mred"));
    }

    [Test]
    public void A_part_in_full_has_its_options_with_defaults_ranges_and_summaries()
    {
        CommandOutput show = CtcCommand.Run("plugins", "show", "bilstm");
        Assert.That((show.ExitCode, show.Error), Is.EqualTo((0, "")));
        Assert.That(show.Output, Does.StartWith("bilstm, encoder: "));
        Assert.That(
            show.Output,
            Does.Contain("    hidden 64 (a whole number; 1 to 8192)\n      The units of each recurrent layer in each direction.\n"));
    }

    [Test]
    public void A_part_that_is_not_found_is_refused_with_the_nearest_name()
    {
        CommandOutput show = CtcInProcess.Run("plugins", "show", "focall");
        Assert.That((show.ExitCode, show.Output, show.Error), Is.EqualTo((2, "", "ctc: no part 'focall' was found; did you mean 'focal'?\n")));
    }

    private static void Create(string plugin, string part)
    {
        using var services = new CommandServices { Patience = TimeSpan.FromSeconds(0.5) };
        ObjectiveConfiguration.Parse($"weighting: [{part}]", "x.yaml", ".", services.Parts(InTests(plugin))).Create().Dispose();
    }

    private static Dictionary<string, string> Places(params string[] places) =>
        new() { ["CTC_PLUGIN_PATH"] = string.Join(Path.PathSeparator, places) };

    private static string InTests(params string[] path) => Path.Combine([TestContext.CurrentContext.TestDirectory, "hostile-plugins", .. path]);

    private sealed class ReportedLine : StringWriter
    {
        private readonly TaskCompletionSource<string?> source = new();

        public Task<string?> Line => source.Task;

        public override void WriteLine(string? value) => source.TrySetResult(value);
    }
}

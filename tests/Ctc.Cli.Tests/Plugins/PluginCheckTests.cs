using Ctc.Testing.Conformance;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Plugins;

/// <summary>The command <c>ctc plugins check</c>: its output for valid plugins and for invalid input, and its documentation.</summary>
[Category("Slow")]
public class PluginCheckTests
{
    [TestCase("plugins", Category = "Long", Explicit = true, Reason = "half a minute; Plugins.Tests runs the same checks in its own process")]
    [TestCase("samples")]
    public void Our_own_plugins_keep_their_promises(string folder)
    {
        CommandOutput check = CtcCommand.Run("plugins", "check", InTests(folder));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((check.ExitCode, check.Error), Is.EqualTo((0, "")));
            Assert.That(check.Output, Does.Not.Contain("FAILED").And.Not.Contain("warned"));
            Assert.That(
                check.Output.Split('\n').Count(line => line.EndsWith(".dll", StringComparison.Ordinal)),
                Is.EqualTo(Directory.GetDirectories(InTests(folder)).Length));
        }
    }

    [Test]
    public void The_page_on_checks_names_each_and_shows_a_failure_as_it_is_printed()
    {
        string page = File.ReadAllText(Path.Combine(CtcCommand.Repository, "docs", "checking-a-plugin.md"));
        Assert.That(
            PartConformance.Names.Append(PluginConformance.Loads).Where(check => !page.Contains($"`{check}`", StringComparison.Ordinal)), Is.Empty);
        string shown = new CheckedPlugins(InTests("zoo", "Misbehaving"), "--part", "wrong-neutral").Failure("Misbehaving", "wrong-neutral");
        Assert.That(string.Join(' ', page.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), Does.Contain($"FAILED neutral: {shown}"));
    }

    [Test]
    public void Wrong_input_is_told_as_such()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("options.yaml"), "factor: 7\n");
        string dll = InTests("zoo", "Misbehaving", "Misbehaving.dll");
        AssertRefused(CtcInProcess.Run, "there is no such file or folder; expected a plugin", folder.In("nothing"));
        AssertRefused(
            CtcInProcess.Run,
            $"{folder.Path}: the folder holds no DLL with parts; expected {Path.GetFileName(folder.Path)}.dll, or one of any name",
            folder.Path);
        AssertRefused(CtcCommand.Run, $"no part 'nobody' was found in {dll}", dll, "--part", "nobody");
        AssertRefused(
            CtcCommand.Run,
            "options.yaml:1:9: factor is 7; expected 0 to 2",
            dll,
            "--part",
            "wrong-neutral",
            "--options",
            folder.In("options.yaml"));
        AssertRefused(CtcCommand.Run, "expected --part", dll, "--options", folder.In("options.yaml"));
        AssertRefused(CtcInProcess.Run, "there is no such file; expected the options of a part", dll, "--options", folder.In("nothing.yaml"));
        AssertRefused(CtcInProcess.Run, "--timeout is 0; expected seconds, more than 0 and at most 86400.", dll, "--timeout", "0");

        static void AssertRefused(Func<string[], CommandOutput> ctc, string sentence, params string[] arguments)
        {
            CommandOutput check = ctc(["plugins", "check", .. arguments]);
            Assert.That((check.ExitCode, check.Output), Is.EqualTo((2, "")).Or.EqualTo((2, $"{arguments[0]}\n")));
            Assert.That(check.Error, Does.StartWith("ctc: ").And.Contain(sentence));
        }
    }

    [Test]
    public void A_part_is_checked_at_the_options_that_are_given()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("options.yaml"), "factor: 0.5\n");
        CommandOutput check =
            CtcCommand.Run("plugins", "check", InTests("zoo", "Misbehaving"), "--part", "wrong-neutral", "--options", folder.In("options.yaml"));
        Assert.That((check.ExitCode, check.Error), Is.EqualTo((1, "")));
        Assert.That(check.Output.Split('\n').Count(line => line.Contains("FAILED", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    private static string InTests(params string[] path) => Path.Combine([TestContext.CurrentContext.TestDirectory, .. path]);
}

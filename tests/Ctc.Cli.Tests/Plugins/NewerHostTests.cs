using Ctc.Hosting.Tests;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Plugins;

/// <summary>A host whose contract is one patch newer than that of the build of our plugins: by the rule of compatibility, it accepts them.</summary>
[Category("Slow")]
public class NewerHostTests
{
    [Test]
    public void Plugins_that_were_built_against_an_older_contract_that_fits_work()
    {
        Version older = typeof(IPart).Assembly.GetName().Version!, newer = new(older.Major, older.Minor, older.Build + 1, 0);
        using TemporaryFolder host = Host(newer);
        string ctc = host.In("ctc.dll"), plugin = host.In("plugins", "FocalCtc", "FocalCtc.dll");

        CommandOutput check = CtcCommand.RunAt(ctc, "plugins", "check", plugin), list = CtcCommand.RunAt(ctc, "plugins", "list");
        Assert.That((check.ExitCode, check.Error), Is.EqualTo((0, "")), check.Output);
        Assert.That((list.ExitCode, list.Error), Is.EqualTo((0, "")));
        Assert.That(list.Output, Does.Contain("  focal ").And.Not.Contain("PROBLEM"));

        Version next = new(newer.Major, newer.Minor, newer.Build + 1, 0); // the contract of the host decides
        Replace(plugin, PatchedDll.WithReference(File.ReadAllBytes(plugin), "Ctc.Abstractions", next));
        CommandOutput refused = CtcCommand.RunAt(ctc, "plugins", "check", plugin);
        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(
            refused.Output, Does.Contain($"FAILED loads: it was built for version {next} of Ctc.Abstractions; expected one that fits {newer}"));
    }

    // A copy of the command. Links are copied as links, because libtorch is large.
    private static TemporaryFolder Host(Version contract)
    {
        var host = new TemporaryFolder();
        string command = Path.GetDirectoryName(CtcCommand.Dll)!;
        foreach (string file in Directory.EnumerateFiles(command, "*", SearchOption.AllDirectories))
        {
            string copy = host.In(Path.GetRelativePath(command, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (File.ResolveLinkTarget(file, returnFinalTarget: true) is { } target) File.CreateSymbolicLink(copy, target.FullName);
            else File.Copy(file, copy);
        }

        string dll = host.In("Ctc.Abstractions.dll");
        Replace(dll, PatchedDll.WithVersion(File.ReadAllBytes(dll), contract));
        return host;
    }

    // Never through a link, which would change the tested build.
    private static void Replace(string file, byte[] content)
    {
        File.Delete(file);
        File.WriteAllBytes(file, content);
    }
}

using System.Reflection.PortableExecutable;

namespace Ctc.Cli.Tests;

internal sealed class ReadyToRunTests
{
    [TestCase("ctc.dll")]
    [TestCase("Ctc.Engine.dll")]
    [TestCase("TorchSharp.dll")]
    public void A_release_build_of_the_command_starts_from_machine_code(string name)
    {
        string folder = Path.GetDirectoryName(CtcCommand.Dll)!;
        if (Path.GetFileName(folder) != "release") Assert.Ignore("Only a release build is compiled ahead of time.");
        using var image = new PEReader(File.OpenRead(Path.Combine(folder, name)));

        Assert.That(image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size, Is.Positive);
    }

    [Test]
    public void Plugins_are_left_as_they_were_compiled_because_runs_record_their_digests()
    {
        string folder = Path.Combine(Path.GetDirectoryName(CtcCommand.Dll)!, "plugins");
        string[] dlls = [.. Directory.EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories)];
        Assert.That(dlls, Is.Not.Empty);
        foreach (string dll in dlls)
        {
            using var image = new PEReader(File.OpenRead(dll));
            Assert.That(image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size, Is.Zero, dll);
        }
    }
}

using Ctc.Experiments.Processes;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Processes;

[Platform("Linux,MacOsX")]
public class InstalledProgramTests
{
    private readonly TemporaryFolder folder = new();

    [OneTimeTearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void It_is_found_in_full_paths_alone()
    {
        Directory.CreateDirectory(folder.In("bin"));
        File.WriteAllText(folder.In("bin", "speak"), "");
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, folder.In("bin"));
        Assert.That(InstalledProgram.Find("speak", $"{relative}::.:{folder.In("bin")}")?.Path, Is.EqualTo(folder.In("bin", "speak")));
        Assert.That(InstalledProgram.Find("speak", $"{relative}:.:"), Is.Null);
        Assert.That(InstalledProgram.Find("bin", folder.Path), Is.Null, "a folder");
    }

    [Test]
    public void Its_output_and_its_end_are_returned()
    {
        InstalledProgram shell = InstalledProgram.Find("sh")!;
        Assert.That(shell.Run(["-c", "echo ä; echo lost >&2"], TimeSpan.FromMinutes(1)), Is.EqualTo(("ä\n", new ProcessEnd(0, ""))));
        Assert.That(shell.Run(["-c", "echo bad >&2; exit 3"], TimeSpan.FromMinutes(1)).End, Is.EqualTo(new ProcessEnd(3, "bad\n")));
        Assert.That(
            () => shell.Run(["-c", "sleep 60"], TimeSpan.FromMilliseconds(50)),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo($"{shell.Path} did not end within 0.05 s, and was ended."));
        Assert.That(
            () => new InstalledProgram(folder.In("none")).Run([], TimeSpan.FromMinutes(1)),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith($"{folder.In("none")} cannot be started: "));
        Assert.That(() => new InstalledProgram("sh").Run([], TimeSpan.FromMinutes(1)), Throws.InvalidOperationException);
    }
}

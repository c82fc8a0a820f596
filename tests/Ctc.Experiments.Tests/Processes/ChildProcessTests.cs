using Ctc.Experiments.Processes;

namespace Ctc.Experiments.Tests.Processes;

public class ChildProcessTests
{
    [TestCase("dotnet")]
    [TestCase("./dotnet")]
    public void A_program_without_its_full_path_is_refused(string program) =>
        Assert.That(() => new ChildProcess([program], threads: 1), Throws.ArgumentException.With.Message.Contains("expected a full path"));
}

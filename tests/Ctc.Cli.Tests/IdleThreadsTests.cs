namespace Ctc.Cli.Tests;

/// <summary>How long libtorch's threads spin, as OpenMP says itself when it is loaded.</summary>
[Platform("Linux")]
public class IdleThreadsTests
{
    [TestCase("", "", "10000")]
    [TestCase("GOMP_SPINCOUNT", "7", "7")]
    [TestCase("OMP_WAIT_POLICY", "passive", "0")]
    public void They_spin_for_a_short_time_unless_the_environment_says_how_long(string variable, string value, string expected)
    {
        var environment = new Dictionary<string, string> { ["OMP_DISPLAY_ENV"] = "verbose" };
        if (variable.Length > 0) environment[variable] = value;
        string request = Path.GetTempFileName();
        try
        {
            File.WriteAllText(request, """{ "inputs": [[[0, 1]]], "targets": [[1]] }""");
            CommandOutput output = CtcCommand.Run(environment, "loss", request);
            Assert.That(output.ExitCode, Is.Zero, output.Error);
            if (!output.Error.Contains("GOMP_", StringComparison.Ordinal)) Assert.Ignore("This libtorch has not the OpenMP of GNU.");
            Assert.That(output.Error, Does.Contain($"GOMP_SPINCOUNT = '{expected}'"));
        }
        finally
        {
            File.Delete(request);
        }
    }
}

using System.Diagnostics;

namespace Ctc.Engine.Tests.Recursions;

/// <summary>The fused recursion is written for AVX-512, and has other code for processors that lack it.</summary>
public class OlderProcessorTests
{
    [TestCase("DOTNET_EnableAVX512")]
    [TestCase("DOTNET_EnableAVX2", Category = "Long")]
    public void What_is_tested_of_the_fused_recursion_holds_without(string instructions)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(OlderProcessorTests).Assembly.Location, "--filter", "FullyQualifiedName~Recursions.Fused."])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[instructions] = "0";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output + error.Result);
        Assert.That(output, Does.Match(@"succeeded: \d{3}"));
    }
}

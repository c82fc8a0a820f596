using System.Diagnostics;

namespace Ctc.Engine.Tests.Recursions;

/// <summary>The fused recursion is written for AVX-512, and has other code for processors that lack it.</summary>
public class OlderProcessorTests
{
    private const string Fused = "FullyQualifiedName~Recursions.Fused.";

    // Every test of the fused recursion in float64, and those of float32 without a parameter, at all but the largest inputs: these run, for minutes,
    // the vector code that the other inputs run too; the vectors of float32 are compared in one process by SinglePassTests.
    private const string Reduced =
        $"{Fused}&FullyQualifiedName!~FrameBlocks&Name!~pieces&Name!~10,000&Name!~2,000&Name!~model&Name!~recording&Name!~many&Name!~certain&Name!~Timed&Name!~Steep&Name!~True";

    [TestCase("DOTNET_EnableAVX512")]
    [TestCase("DOTNET_EnableAVX2")]
    [Category("Slow")]
    public void The_tests_of_the_fused_recursion_pass_at_all_but_the_largest_inputs_without(string instructions) => AssertPass(instructions, Reduced);

    [TestCase("DOTNET_EnableAVX512")]
    [TestCase("DOTNET_EnableAVX2")]
    [Category("Long"), Explicit("minutes")]
    public void All_tests_of_the_fused_recursion_pass_without(string instructions) => AssertPass(instructions, Fused);

    private static void AssertPass(string instructions, string filter)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(OlderProcessorTests).Assembly.Location, "--filter", filter])
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

using System.Diagnostics;
using System.Reflection;

namespace Ctc.Plugins.Tests;

/// <summary>The sample CtcInOneFile, run as a separate process.</summary>
public class CtcInOneFileTests
{
    private const string Time = @"forward [0-9]+\.[0-9] ms, backward [0-9]+\.[0-9] ms";

    [Test]
    [Category("Slow")]
    public void The_sample_draws_an_alignment_and_agrees_with_the_built_in_loss()
    {
        (int exitCode, string[] lines) = Run();
        Assert.That(exitCode, Is.Zero, string.Join('\n', lines));
        Assert.That(lines[0], Does.Match(@"^alignment of ""cat"" with 24 frames; loss [0-9]+\.[0-9]{2}, after 10 steps [0-9]+\.[0-9]{2}$"));

        // One token in each frame is on the best path, and the path spells the target.
        string[] rows = [.. lines[1..5].Select(line => line.Split('|')[1])];
        Assert.That(rows.Select(row => row.Length), Is.All.EqualTo(24));
        int[] path = [.. Enumerable.Range(0, 24).Select(t => Enumerable.Range(0, 4).Single(v => rows[v][t] == '#'))];
        Assert.That(path.Where((token, t) => token != 0 && (t == 0 || path[t - 1] != token)), Is.EqualTo(new[] { 2, 1, 3 }));

        Assert.That(lines[5], Is.EqualTo("shape 128×256×32 (frames × utterances × tokens), targets of 60 tokens"));
        Assert.That(lines[6], Does.Match($"^built-in: {Time}$"));
        Assert.That(lines[7], Does.Match($"^ours:     {Time}$"));
        Assert.That(lines[8..], Is.EqualTo(new[] { "loss matches", "gradient matches", "gradient of the cross-entropy with the occupancy matches" }));
    }

    [Test]
    [Category("Slow")]
    public void A_difference_beyond_the_tolerance_is_printed_and_is_an_error()
    {
        (int exitCode, string[] lines) = Run("0");
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(lines[^2], Does.Match("^gradient differs by [0-9.e-]+$"));
    }

    private static (int ExitCode, string[] Lines) Run(params string[] arguments)
    {
        string dll =
            typeof(CtcInOneFileTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "CtcInOneFile").Value!;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [dll, .. arguments]) { RedirectStandardOutput = true })!;
        string[] lines = process.StandardOutput.ReadToEnd().TrimEnd().Split('\n');
        process.WaitForExit();
        return (process.ExitCode, lines);
    }
}

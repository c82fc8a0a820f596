using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;

namespace Ctc.Cli.Tests.Bench;

/// <summary>The machine code of the inner loops of the fused recursion in float32, as the JIT lists it: a loop over the states of a frame.</summary>
[Category("Slow")]
internal sealed partial class InstructionTests
{
    // The instructions are those of a pass over one vector of states, or of pairs of them, and a tenth more: another version of the runtime may
    // arrange them otherwise. Under `selfless` no arc stays in a label, which is a score of an arc.
    [TestCase("ctc", "WovenStep", 79, 111, "1", "zmm")]
    [TestCase("ctc", "WovenStep", 79, 111, "0", "ymm")]
    [TestCase("selfless", "BandedStep", 63, 77, "1", "zmm")]
    [TestCase("selfless", "BandedStep", 63, 77, "0", "ymm")]
    public void The_inner_loops_are_straight_code_over_the_widest_vectors(
        string topology, string step, int mostInEnter, int mostInLeave, string avx512, string vectors)
    {
        if (!(avx512 == "1" ? Avx512F.IsSupported : Avx2.IsSupported)) Assert.Ignore("This processor lacks the instructions.");
        IReadOnlyDictionary<string, string[]> listing = List(topology, step, avx512);
        using (Assert.EnterMultipleScope())
        {
            AssertInner(Loop(listing, "Enter[", "forward"), mostInEnter);
            AssertInner(Loop(listing, "Leave[", "backward"), mostInLeave);
        }

        void AssertInner(string[] loop, int most)
        {
            string text = string.Join('\n', loop);
            Assert.That(loop.Count(IsJump), Is.EqualTo(1), $"one jump, back to the start: no check of bounds and no branch\n{text}");
            Assert.That(loop, Has.None.Contains("call"), $"everything is inlined\n{text}");
            Assert.That(text, Does.Not.Match(@"mmword ptr \[r[bs]p"), "no vector is spilled");
            Assert.That(loop, Has.Some.Contains("vfmadd").And.Some.Contains(vectors), text);
            Assert.That(vectors == "zmm" || !text.Contains("zmm", StringComparison.Ordinal), text);
            Assert.That(loop, Has.Length.InRange(20, most), text);
        }
    }

    // The innermost loop: from the target of the last jump backward to the jump.
    private static string[] Loop(IReadOnlyDictionary<string, string[]> listing, string method, string direction)
    {
        string[] lines = listing.Single(one => one.Key.Contains($":{method}", StringComparison.Ordinal)).Value;
        for (int end = lines.Length - 1; end >= 0; end--)
        {
            if (!IsJump(lines[end]) || Label().Match(lines[end]) is not { Success: true } target) continue;
            int start = Array.FindIndex(lines, line => line.StartsWith(target.Value + ":", StringComparison.Ordinal));
            if (start >= 0 && start < end) return [.. lines[start..(end + 1)].Where(line => line.StartsWith("       ", StringComparison.Ordinal))];
        }

        throw new InvalidOperationException($"the {direction} recursion has no loop");
    }

    private static bool IsJump(string line) => line.TrimStart().StartsWith('j');

    // Lines by method, of methods that are optimized at once.
    private static Dictionary<string, string[]> List(string topology, string step, string avx512)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            (string request, string listing) = (Path.Combine(folder, "request.json"), Path.Combine(folder, "listing"));
            File.WriteAllText(request, $$"""
                {
                  "inputs": [[[0, 0, 1]], [[0, 0, 2]], [[0, 0, 2]], [[0, 0, 2]]], "targets": [[1, 2]],
                  "objective": {"topology": "{{topology}}"}, "dtype": "float32", "recursion": "fused"
                }
                """);
            CommandOutput output = CtcCommand.Run(
                new Dictionary<string, string>
                {
                    ["DOTNET_EnableAVX512"] = avx512,
                    ["DOTNET_JitDisasm"] = $"*{step}*:*",
                    ["DOTNET_JitStdOutFile"] = listing,
                },
                "loss",
                request);
            Assert.That(output.ExitCode, Is.Zero, output.Error);
            const string Start = "; Assembly listing for method ";
            return File.ReadAllText(listing).Split(Start, StringSplitOptions.RemoveEmptyEntries)
                .Select(method => method.Split('\n'))
                .Where(lines => lines[0].EndsWith("(FullOpts)", StringComparison.Ordinal))
                .ToDictionary(lines => lines[0], lines => lines);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex("G_M[0-9]+_IG[0-9]+")]
    private static partial Regex Label();
}

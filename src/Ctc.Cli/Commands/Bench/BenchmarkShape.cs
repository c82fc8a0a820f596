using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Ctc.Cli.Commands.Bench;

/// <summary>The size of a batch.</summary>
/// <param name="Name">Its meaning.</param>
/// <param name="T">Frames.</param>
/// <param name="B">Utterances.</param>
/// <param name="V">Tokens, counting the blank.</param>
/// <param name="U">Tokens of each target.</param>
public sealed record BenchmarkShape(
    [property: JsonIgnore] string Name,
    [property: JsonPropertyName("T")] int T,
    [property: JsonPropertyName("B")] int B,
    [property: JsonPropertyName("V")] int V,
    [property: JsonPropertyName("U")] int U)
{
    /// <summary>Reads <c>T,B,V,U</c>.</summary>
    internal static BenchmarkShape? Parse(ArgumentResult result)
    {
        string given = result.Tokens[0].Value;
        int[] sizes =
            [.. given.Split(',').Select(size => int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        if (sizes is [> 0, > 0, > 1, > 0] && sizes[0] >= 2L * sizes[3]) return new BenchmarkShape("given", sizes[0], sizes[1], sizes[2], sizes[3]);
        result.AddError(
            $"--shape is {given}; expected T,B,V,U: frames, utterances, 2 or more tokens, and at most half as many tokens of a target as frames.");
        return null;
    }

    /// <summary>Random targets and numbers. The tensors belong to the caller's dispose scope.</summary>
    internal BenchmarkBatch Draw()
    {
        using var generator = new torch.Generator(1);
        Tensor logProbs = torch.randn([T, B, V], torch.float32, generator: generator).log_softmax(2).requires_grad_();
        Tensor targets = torch.randint(1, V, [B, U], torch.int64, generator: generator);
        return new BenchmarkBatch(new Batch([.. targets.data<long>().ToArray().Chunk(U)], [.. Enumerable.Repeat((long)T, B)], V), logProbs);
    }
}

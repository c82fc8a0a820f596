using System.Diagnostics;
using Ctc.Engine.Objectives;

namespace Ctc.Testing.Conformance;

/// <summary>Measures the time of a part, without a limit.</summary>
internal static class Cost
{
    private const int Repetitions = 7;

    /// <summary>
    /// The time of loss and gradient relative to the objective without the part: the median over alternating runs, in float32, T=60, B=8, V=20, U=10.
    /// </summary>
    public static string BesidePlain(Setting setting)
    {
        var random = new Random(1);
        var large = new CheckCase(
            [.. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0,
                60).Select(_ => Enumerable.Range(0, 20).Select(_ => random.NextDouble()).ToArray()).ToArray())],
            [.. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 10).Select(_ => random.NextInt64(1, 20)).ToArray())],
            [60, 60, 50, 50, 40, 40, 30, 30], 20, 0);
        large = setting.For(large);
        double[] ratios =
            [.. Enumerable.Range(0, Repetitions).Select(_ => Seconds(setting.Parts(large), large) / Seconds(setting.Plain(large), large)).Order()];
        return FormattableString.Invariant($"{ratios[Repetitions / 2]:f2} of the time of {setting.PlainName}");
    }

    private static double Seconds(ObjectiveParts parts, CheckCase large)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor inputs = large.Inputs(torch.float32);
        long started = Stopwatch.GetTimestamp();
        Evaluated.Evaluate(parts, inputs, large);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}

using Ctc.Engine.Recursions;

namespace Ctc.Cli.Commands.Bench;

/// <summary>
/// Loss and gradient of plain CTC from logits: the log-softmax and libtorch's built-in, the log-softmax and the fused recursion, and the fused
/// recursion in one pass; and that with stars, classes of tokens, before, between and behind the tokens of the targets.
/// </summary>
/// <remarks>float32 logits in, a dense gradient with respect to them out.</remarks>
public static class LogitsBenchmark
{
    /// <summary>Measures one shape.</summary>
    /// <param name="shape">The size of the random batch.</param>
    /// <param name="threads">For libtorch; 1 or more.</param>
    /// <param name="repetitions">Turns that count; 1 or more.</param>
    /// <returns>Medians of interleaved repetitions.</returns>
    public static LogitsCase Measure(BenchmarkShape shape, int threads, int repetitions)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Interleaved.OnThreads(threads, () =>
        {
            BenchmarkBatch drawn = shape.Draw();
            Tensor BuiltIn() => drawn.Gradient(logits => drawn.BuiltIn(logits.log_softmax(2)));
            Tensor OnePass() => drawn.Gradient(drawn.FromLogits);
            Dictionary<string, Interleaved.Measured> medians = Interleaved.Medians(
                repetitions,
                clock => drawn.Time(clock, nameof(BuiltIn), logits => drawn.BuiltIn(logits.log_softmax(2))),
                clock => drawn.Time(clock, "TwoSteps", logits => drawn.Ours(logits.log_softmax(2), RecursionKind.Fused)),
                clock => drawn.Time(clock, nameof(OnePass), drawn.FromLogits),
                clock => drawn.Time(clock, "Star", drawn.StarFromLogits));

            Tensor difference = BuiltIn().detach().clone() - OnePass();
            return new LogitsCase(
                shape.Name,
                shape,
                threads,
                medians[nameof(BuiltIn)].Ms,
                medians["TwoSteps"].Ms,
                medians[nameof(OnePass)].Ms,
                medians["Star"].Ms,
                difference.abs().max().ToDouble());
        });
    }
}

/// <summary>The measurements of one shape from logits. Times are medians in milliseconds, forward and backward together.</summary>
/// <param name="Name">The name of the shape.</param>
/// <param name="Shape">The size of the batch.</param>
/// <param name="Threads">For libtorch.</param>
/// <param name="BuiltInMs">log-softmax and libtorch's own CTC.</param>
/// <param name="TwoStepsMs">log-softmax and the fused recursion.</param>
/// <param name="OnePassMs">The fused recursion from logits.</param>
/// <param name="StarMs">The same with a star, a class of all tokens but the next one, in the place of each blank.</param>
/// <param name="MaxGradientDifference">The largest difference between the gradients of the built-in and in one pass, in float32.</param>
public sealed record LogitsCase(
    string Name,
    BenchmarkShape Shape,
    int Threads,
    double BuiltInMs,
    double TwoStepsMs,
    double OnePassMs,
    double StarMs,
    double MaxGradientDifference)
{
    /// <summary>Gets the speed of the fused recursion after a log-softmax relative to the built-in.</summary>
    public double RatioTwoSteps => BuiltInMs / TwoStepsMs;

    /// <summary>Gets the speed of one pass relative to the built-in.</summary>
    public double RatioOnePass => BuiltInMs / OnePassMs;

    /// <summary>Gets the speed with stars relative to the built-in without them.</summary>
    public double RatioStar => BuiltInMs / StarMs;
}

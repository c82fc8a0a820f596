namespace Ctc.Experiments.Training;

/// <summary>Lines of the dev set whose readings are shown now and then during training: the same ones each time.</summary>
/// <param name="every">The epochs from one time to the next; 0 for never.</param>
internal sealed class ExampleLines(int every)
{
    private const int Lines = 2, Times = 5;

    /// <summary>Spreads examples over a training: about five times.</summary>
    /// <param name="epochs">The epochs of the training.</param>
    public static ExampleLines Spread(int epochs) => new(1 + ((epochs - 1) / Times));

    /// <summary>Chooses the examples after an epoch: the first lines that have a token.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="dev">The results of the dev set, in its order.</param>
    /// <returns>None after most epochs.</returns>
    public UtteranceResult[] Choose(int epoch, IReadOnlyList<UtteranceResult> dev) =>
        every == 0 || epoch % every != 0 ? [] : [.. dev.Where(line => line.Tokens > 0).Take(Lines)];
}

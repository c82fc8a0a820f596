using Ctc;

namespace Misbehaving;

/// <summary>Returns no hypothesis.</summary>
[Part("speechless", Summary = "Gives no hypothesis.")]
internal sealed class Speechless : IDecoder
{
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading) =>
        [.. reading.Batch.Frames.Select(_ => Array.Empty<Hypothesis>())];
}

/// <summary>Returns the tokens of the frames as they are, blanks included.</summary>
[Part("unspelled", Summary = "Reads blanks.")]
internal sealed class Unspelled : IDecoder
{
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading) => Decoding.PerUtterance(
        reading, tokens => new Hypothesis(tokens, 0));
}

/// <summary>Reads the loss, which depends on the targets.</summary>
[Part("peeping", Summary = "Reads what depends on the targets.")]
internal sealed class Peeping : IDecoder
{
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading) =>
        [.. reading.Batch.Frames.Select(_ => new[] { new Hypothesis([], ((Evaluation)reading).Loss.sum().ToDouble()) })];
}

/// <summary>Puts the best hypothesis last.</summary>
[Part("upside-down", Summary = "Gives the best hypothesis last.")]
internal sealed class UpsideDown : IDecoder
{
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading) =>
        [.. reading.Batch.Frames.Select(_ => new[] { new Hypothesis([], -2), new Hypothesis([], -1) })];
}

/// <summary>Scores an utterance by the size of its batch.</summary>
[Part("sociable", Summary = "Depends on the other utterances.")]
internal sealed class Sociable : IDecoder
{
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading) =>
        [.. reading.Batch.Frames.Select(_ => new[] { new Hypothesis([], -reading.Batch.Size) })];
}

/// <summary>Scores an utterance by its frames, padding included.</summary>
[Part("padding-reader", Summary = "Counts padding.")]
internal sealed class PaddingReader : IDecoder
{
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading) => Decoding.PerUtterance(
        reading, tokens => new Hypothesis([], reading.Batch.Size > 1 ? 0 : -reading.LogProbs.shape[0]));
}

/// <summary>Takes the first frame for granted.</summary>
[Part("first-frame", Summary = "Fails without frames.")]
internal sealed class FirstFrame : IDecoder
{
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading) => Decoding.PerUtterance(
        reading, tokens => new Hypothesis([], tokens[0] * 0));
}

/// <summary>Counts its calls.</summary>
[Part("tiring", Summary = "Scores lower with each call.")]
internal sealed class Tiring : IDecoder
{
    private int calls;

    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading)
    {
        calls++;
        return [.. reading.Batch.Frames.Select(_ => new[] { new Hypothesis([], -calls) })];
    }
}

/// <summary>Keeps a tensor of each call.</summary>
[Part("keeping", Summary = "Keeps tensors.")]
internal sealed class Keeping : IDecoder
{
    private readonly List<Tensor> kept = [];

    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading)
    {
        kept.Add(reading.LogProbs.clone().DetachFromDisposeScope());
        return [.. reading.Batch.Frames.Select(_ => new[] { new Hypothesis([], 0) })];
    }
}

/// <summary>One hypothesis of each utterance, from the most likely token of each of its frames.</summary>
internal static class Decoding
{
    public static IReadOnlyList<IReadOnlyList<Hypothesis>> PerUtterance(Reading reading, Func<long[], Hypothesis> read) =>
    [
        .. reading.Batch.Frames.Select((frames, b) =>
            new[] { read(reading.LogProbs.narrow(0, 0, frames).select(1, b).argmax(1).data<long>().ToArray()) }),
    ];
}

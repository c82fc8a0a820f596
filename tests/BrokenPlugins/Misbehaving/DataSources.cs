using Ctc;

namespace Misbehaving;

/// <summary>Names two utterances alike.</summary>
[Part("same-ids", Summary = "Names two utterances alike.")]
internal sealed class SameIds : IDataSource
{
    public Dataset Load() => Datasets.Of(new Utterance("a", [0], 1, [1]), new Utterance("a", [0], 1, [1]));

    public Utterance Read(string file) => throw new InvalidDataException($"{file} cannot be read.");
}

/// <summary>Draws other utterances each time.</summary>
[Part("fickle", Summary = "Draws other utterances each time.")]
internal sealed class Fickle : IDataSource
{
    private static int loads;

    public Dataset Load() => Datasets.Of(new Utterance("a", [Interlocked.Increment(ref loads)], 1, [1]), new Utterance("b", [0], 1, [1]));

    public Utterance Read(string file) => throw new InvalidDataException($"{file} cannot be read.");
}

/// <summary>Says that an utterance has more frames than it has.</summary>
[Part("missing-frames", Summary = "Has fewer numbers than frames.")]
internal sealed class MissingFrames : IDataSource
{
    public Dataset Load() => Datasets.Of(new Utterance("a", [0], 2, [1]), new Utterance("b", [0], 1, [1]));

    public Utterance Read(string file) => throw new InvalidDataException($"{file} cannot be read.");
}

/// <summary>Has a token in a target that is the blank.</summary>
[Part("blank-in-target", Summary = "Has the blank in a target.")]
internal sealed class BlankInTarget : IDataSource
{
    public Dataset Load() => Datasets.Of(new Utterance("a", [0], 1, [0]), new Utterance("b", [0], 1, [1]));

    public Utterance Read(string file) => throw new InvalidDataException($"{file} cannot be read.");
}

/// <summary>Says that a token lies behind the last frame.</summary>
[Part("late-span", Summary = "Has a token behind the last frame.")]
internal sealed class LateSpan : IDataSource
{
    public Dataset Load() => Datasets.Of(new Utterance("a", [0], 1, [1]) { Spans = [new FrameSpan(0, 2)] }, new Utterance("b", [0], 1, [1]));

    public Utterance Read(string file) => throw new InvalidDataException($"{file} cannot be read.");
}

/// <summary>One utterance to learn from and one to measure on, of frames of one number.</summary>
internal static class Datasets
{
    public static Dataset Of(Utterance train, Utterance test) => new(new Alphabet(["x"]), 1, [train], [], [test]);
}

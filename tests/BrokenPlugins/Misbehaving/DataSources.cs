using Ctc;

namespace Misbehaving;

/// <summary>Returns two utterances with the same id.</summary>
[Part("same-ids", Summary = "Returns two utterances with the same id.")]
internal sealed class SameIds : IDataSource
{
    public Dataset Load() => Datasets.Of(new Utterance("a", [0], 1, [1]), new Utterance("a", [0], 1, [1]));

    public Utterance Read(string file) => throw new InvalidDataException($"{file} cannot be read.");
}

/// <summary>Returns different utterances in each call.</summary>
[Part("fickle", Summary = "Returns different utterances in each call.")]
internal sealed class Fickle : IDataSource
{
    private static int loads;

    public Dataset Load() => Datasets.Of(new Utterance("a", [Interlocked.Increment(ref loads)], 1, [1]), new Utterance("b", [0], 1, [1]));

    public Utterance Read(string file) => throw new InvalidDataException($"{file} cannot be read.");
}

/// <summary>Declares more frames than the features of an utterance have.</summary>
[Part("missing-frames", Summary = "Has fewer numbers than frames.")]
internal sealed class MissingFrames : IDataSource
{
    public Dataset Load() => Datasets.Of(new Utterance("a", [0], 2, [1]), new Utterance("b", [0], 1, [1]));

    public Utterance Read(string file) => throw new InvalidDataException($"{file} cannot be read.");
}

/// <summary>Has the blank in a target.</summary>
[Part("blank-in-target", Summary = "Has the blank in a target.")]
internal sealed class BlankInTarget : IDataSource
{
    public Dataset Load() => Datasets.Of(new Utterance("a", [0], 1, [0]), new Utterance("b", [0], 1, [1]));

    public Utterance Read(string file) => throw new InvalidDataException($"{file} cannot be read.");
}

/// <summary>Has a span after the last frame.</summary>
[Part("late-span", Summary = "Has a token behind the last frame.")]
internal sealed class LateSpan : IDataSource
{
    public Dataset Load() => Datasets.Of(new Utterance("a", [0], 1, [1]) { Spans = [new FrameInterval(0, 1.5)] }, new Utterance("b", [0], 1, [1]));

    public Utterance Read(string file) => throw new InvalidDataException($"{file} cannot be read.");
}

/// <summary>One utterance for training and one for testing, with one feature per frame.</summary>
internal static class Datasets
{
    public static Dataset Of(Utterance train, Utterance test) => new(new Alphabet(["x"]), 1, [train], [], [test]);
}

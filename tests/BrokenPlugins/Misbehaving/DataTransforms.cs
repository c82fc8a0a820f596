using Ctc;

namespace Misbehaving;

/// <summary>Gives the training targets a token that the alphabet lacks.</summary>
[Part("strange-token", Summary = "Gives the training targets a token that the alphabet lacks.")]
internal sealed class StrangeToken : IDataTransform
{
    public Dataset Transform(Dataset data, long seed) => data.With([.. data.Train.Select(line => line.WithTarget([data.Alphabet.Size]))]);
}

/// <summary>Takes the labels of the dev set away.</summary>
[Part("easy-dev", Summary = "Takes the labels of the dev set away.")]
internal sealed class EasyDev : IDataTransform
{
    public Dataset Transform(Dataset data, long seed) => data.With(dev: [.. data.Dev.Select(line => line.WithTarget([]))]);
}

/// <summary>Keeps the features of the training set in memory.</summary>
[Part("eager", Summary = "Keeps the features of the training set in memory.")]
internal sealed class Eager : IDataTransform
{
    public Dataset Transform(Dataset data, long seed) =>
        data.With([.. data.Train.Select(line => new Utterance(line.Id, line.ReadFeatures(), line.Frames, line.Target))]);
}

/// <summary>Keeps another number of utterances in each call.</summary>
[Part("restless", Summary = "Keeps another number of utterances in each call.")]
internal sealed class Restless : IDataTransform
{
    private static int calls;

    public Dataset Transform(Dataset data, long seed) => data.With([.. data.Train.Skip(Interlocked.Increment(ref calls) % 3)]);
}

/// <summary>Writes into the given targets.</summary>
[Part("overwriting", Summary = "Writes into the given targets.")]
internal sealed class Overwriting : IDataTransform
{
    public Dataset Transform(Dataset data, long seed)
    {
        foreach (Utterance line in data.Train) line.Target.AsSpan().Fill(1);
        return data;
    }
}

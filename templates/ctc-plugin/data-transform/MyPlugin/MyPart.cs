using System.ComponentModel.DataAnnotations;
using Ctc;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets the number of labels of the longest training utterance to keep.</summary>
    /// <value>1 to 1000; the default is 3.</value>
    [Range(1, 1000)]
    public int Longest { get; init; } = 3;
}

/// <summary>Keeps the short training utterances. Dev and test stay as they are.</summary>
[Part("my-part", typeof(MyPartOptions), Summary = "Keeps the training utterances with at most a number of labels.")]
internal sealed class MyPart(MyPartOptions options) : IDataTransform
{
    public Dataset Transform(Dataset data, long seed)
    {
        Utterance[] kept = [.. data.Train.Where(utterance => utterance.Target.Length <= options.Longest)];
        return kept.Length > 0
            ? data.With(kept)
            : throw new InvalidDataException($"No training utterance has {options.Longest} labels or fewer; expected at least one.");
    }
}

using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Transforms;

/// <summary>The shares of the three kinds of errors.</summary>
public sealed record NoisyTranscriptsOptions : IValidatableObject
{
    /// <summary>Gets the probability with which a label becomes another one, each other symbol of the alphabet being equally likely.</summary>
    /// <value>0 to 1; the default is 0.1.</value>
    [Range(0.0, 1.0)]
    public double Substitute { get; init; } = 0.1;

    /// <summary>Gets the probability with which a label is missing.</summary>
    /// <value>0 to 1, with <see cref="Substitute"/> at most 1; the default is 0.</value>
    [Range(0.0, 1.0)]
    public double Delete { get; init; }

    /// <summary>Gets the probability with which a random label follows a label.</summary>
    /// <value>0 to 1; the default is 0.</value>
    [Range(0.0, 1.0)]
    public double Insert { get; init; }

    /// <summary>Gets whether the dev set has such errors too. The test set never has.</summary>
    /// <value>The default is false.</value>
    public bool Dev { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Substitute + Delete > 1) yield return new ValidationResult("expected at most 1 together with substitute", [nameof(Delete)]);
    }
}

/// <summary>Writes errors into the training targets. Graphs of utterances, and spans of changed targets, are dropped.</summary>
/// <remarks>The errors are a function of the seed and the utterance's id.</remarks>
[Part("noisy-transcripts", typeof(NoisyTranscriptsOptions),
    Summary = "Substitutes, deletes and inserts labels of the training targets at random.",
    Paper = "Gao et al., Learning from flawed data: weakly supervised automatic speech recognition, ASRU 2023")]
internal sealed class NoisyTranscripts(NoisyTranscriptsOptions options) : IDataTransform
{
    /// <inheritdoc/>
    public Dataset Transform(Dataset data, long seed)
    {
        return data.With(Noisy(data.Train), options.Dev ? Noisy(data.Dev) : null);

        Utterance[] Noisy(IReadOnlyList<Utterance> set) => [.. set.Select(utterance => Write(utterance, data.Alphabet, seed))];
    }

    private Utterance Write(Utterance utterance, Alphabet alphabet, long seed)
    {
        var random = SplitMix64.For((ulong)seed, "noisy-transcripts", utterance.Id);
        List<long> written = [];
        foreach (long token in utterance.Target)
        {
            double chance = random.Unit();
            if (chance < options.Substitute) written.Add(Other(token, alphabet, random));
            else if (chance >= options.Substitute + options.Delete) written.Add(token);
            if (random.Unit() < options.Insert) written.Add(Other(alphabet.Blank, alphabet, random));
        }

        bool isSame = written.SequenceEqual(utterance.Target);
        return utterance.WithTarget([.. written], isSame ? utterance.Spans : null);
    }

    // Any symbol but the given one; of an alphabet of one symbol that one.
    private static long Other(long token, Alphabet alphabet, SplitMix64 random)
    {
        long[] others =
            [.. Enumerable.Range(0, (int)alphabet.Size).Select(other => (long)other).Where(other => other != alphabet.Blank && other != token)];
        return others.Length == 0 ? token : others[random.Below(others.Length)];
    }
}

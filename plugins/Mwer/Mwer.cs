using System.ComponentModel.DataAnnotations;
using Ctc;

namespace Mwer;

/// <summary>Options of <c>mwer</c>.</summary>
public sealed record MwerOptions
{
    /// <summary>Gets the weight of the expected errors.</summary>
    /// <value>In nats an error, 0 to 100; the default is 0.5. 0 is plain CTC.</value>
    [Range(0.0, 100.0)]
    public Schedule Weight { get; init; } = 0.5;

    /// <summary>Gets which paths spell the hypotheses.</summary>
    /// <value>The default is sampled.</value>
    public PathChoice Source { get; init; } = PathChoice.Sampled;

    /// <summary>Gets the number of paths for each utterance in each step.</summary>
    /// <value>2 to 10,000; the default is 4. Each distinct hypothesis costs a further evaluation of the batch.</value>
    [Range(2, 10_000)]
    public int Paths { get; init; } = 4;
}

/// <summary>The paths that spell the hypotheses.</summary>
public enum PathChoice
{
    /// <summary>Paths drawn at random, each with its probability, as by Graves and Jaitly.</summary>
    Sampled,

    /// <summary>The best paths, as the n-best list of Prabhavalkar et al.</summary>
    NBest,
}

/// <summary>Adds the expected number of errors of what the model reads, over hypotheses that are sampled from the model or its n best.</summary>
[Part(
    "mwer",
    typeof(MwerOptions),
    Summary = "Lowers the expected number of errors of hypotheses that are sampled from the model, or of its n best.",
    Formula = "L + w Σ_h P̂(h)(E(h) − Ē), P̂ the probabilities of the distinct hypotheses, normalised among them",
    Paper = "Prabhavalkar et al., Minimum Word Error Rate Training for Attention-Based Sequence-to-Sequence Models, ICASSP 2018, arXiv 1712.01818",
    Neutral = "weight: 0",
    Detached = "which hypotheses there are",
    Needs = Needs.Recursion | Needs.Draws)]
internal sealed class Mwer(MwerOptions options) : IAuxiliaryTerm
{
    private static readonly Scalar NegativeInfinity = double.NegativeInfinity;

    public Tensor Evaluate(Evaluation evaluation)
    {
        Batch batch = evaluation.Batch;
        double weight = options.Weight.At(batch.Progress);
        if (weight == 0 || batch.Size == 0) return torch.zeros_like(evaluation.Loss);

        BatchPaths paths = options.Source == PathChoice.NBest ? evaluation.FindBest(options.Paths) : evaluation.Draw(options.Paths);
        IReadOnlyList<IReadOnlyList<long[]>> spelled = evaluation.Spell(paths); // [k][B]
        bool[] exist = [.. paths.Scores.isneginf().logical_not().cpu().data<bool>()]; // [k, B]
        long[][][] distinct = // [B][h]
        [
            .. Enumerable.Range(0, batch.Size).Select(b =>
                Distinct(spelled.Where((_, k) => k == 0 || exist[(k * batch.Size) + b]).Select(path => path[b]))),
        ];
        int most = distinct.Max(own => own.Length);
        Tensor likelihoods = torch.stack([.. Enumerable.Range(0, most).Select(h =>
            -evaluation.EvaluateWith([.. distinct.Select(own => own[Math.Min(h, own.Length - 1)])]).Loss)]); // [h, B]

        var errors = new double[most, batch.Size];
        var counts = new bool[most, batch.Size];
        for (int b = 0; b < batch.Size; b++)
        {
            double[] edits = [.. distinct[b].Select(hypothesis => (double)EditDistance.Between<long>(hypothesis, batch.Targets[b]))];
            for (int h = 0; h < edits.Length; h++) (errors[h, b], counts[h, b]) = (edits[h] - edits.Average(), true);
        }

        Tensor unused = torch.tensor(counts, device: likelihoods.device).logical_not();
        Tensor shares = likelihoods.masked_fill(unused, NegativeInfinity).softmax(0);
        using Scalar factor = weight;
        return (shares * torch.tensor(errors, dtype: shares.dtype, device: shares.device)).sum([0]) * factor;
    }

    private static long[][] Distinct(IEnumerable<long[]> hypotheses)
    {
        var distinct = new List<long[]>();
        foreach (long[] hypothesis in hypotheses)
        {
            if (!distinct.Exists(other => other.AsSpan().SequenceEqual(hypothesis))) distinct.Add(hypothesis);
        }

        return [.. distinct];
    }
}

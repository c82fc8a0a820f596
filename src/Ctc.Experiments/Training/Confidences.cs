using Ctc.Engine.Objectives;
using Ctc.Experiments.Decoding;

namespace Ctc.Experiments.Training;

/// <summary>How sure a model is of what a decoder reads in a batch.</summary>
/// <remarks>
/// The confidence of a line is e^ln p(tokens read), the sum over all their alignments; that of a token is its largest posterior in its frames on the
/// path of the decoder. Both are of the model's own probabilities: a language model of the decoder does not enter.
/// </remarks>
internal sealed class Confidences
{
    private readonly double[] lines;
    private readonly double[]?[] tokens;

    private Confidences(double[] lines, double[]?[] tokens) => (this.lines, this.tokens) = (lines, tokens);

    /// <summary>Measures what was read.</summary>
    /// <param name="objective">The topology.</param>
    /// <param name="output">The output of the model.</param>
    /// <param name="batch">The batch; its targets are not read.</param>
    /// <param name="read">The best hypothesis of each utterance.</param>
    public static Confidences Measure(Objective objective, EncoderOutput output, Batch batch, IReadOnlyList<Hypothesis> read)
    {
        Batch asRead = batch.WithTargets([.. read.Select(hypothesis => hypothesis.Tokens)]);
        if (objective.IsTransducer)
        {
            return new Confidences(Probabilities(objective.InspectTransducer(output, asRead).LogLikelihood), new double[]?[read.Count]);
        }

        BatchEvaluation evaluation = objective.Inspect(output, asRead);
        return new Confidences(Probabilities(evaluation.ModelLogLikelihood), OfTokens(evaluation.LogProbs, batch, read));
    }

    /// <summary>The confidence of a line.</summary>
    /// <param name="utterance">Its position in the batch.</param>
    /// <returns>From 0 to 1; null where the topology has no alignment of what was read.</returns>
    public double? OfLine(int utterance) => lines[utterance] > 0 ? Math.Min(lines[utterance], 1) : null;

    /// <summary>The confidence of each token that was read; null if the decoder gives no path.</summary>
    /// <inheritdoc cref="OfLine"/>
    public double[]? OfTokens(int utterance) => tokens[utterance];

    private static double[] Probabilities(Tensor logLikelihoods) => logLikelihoods.to(torch.float64).exp().cpu().data<double>().ToArray();

    private static double[]?[] OfTokens(Tensor logProbs, Batch batch, IReadOnlyList<Hypothesis> read)
    {
        var found = new double[]?[read.Count];
        for (int b = 0; b < found.Length; b++)
        {
            if (read[b].Path is not { Length: > 0 } path || path.Length != batch.Frames[b]) continue;
            if (path.Any(token => token < 0 || token >= batch.Tokens)) continue;
            if (HypothesisTimes.FindTokens(read[b], batch.Vocabulary) is not { } timed) continue;
            Tensor tokens = torch.tensor(path).to(logProbs.device).unsqueeze(1);
            float[] onPath = logProbs.select(1, b).narrow(0, 0, path.Length).gather(1, tokens)
                .exp().to(torch.float32).cpu().contiguous().data<float>().ToArray();
            found[b] = [.. timed.Select(token => (double)onPath[token.Frames.Start..token.Frames.End].Max())];
        }

        return found;
    }
}

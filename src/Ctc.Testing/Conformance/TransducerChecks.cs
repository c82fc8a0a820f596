using Ctc.Engine.Objectives;
using Ctc.Engine.Transducers;
using Ctc.Testing.Oracles;

namespace Ctc.Testing.Conformance;

/// <summary>Checks of transducers, which have no lattice of frames.</summary>
internal static class TransducerChecks
{
    /// <summary>Compares the loss with a list of all alignments.</summary>
    public static string? Paths(Setting setting, CheckCase drawn)
    {
        ObjectiveParts parts = setting.Parts(drawn);
        var transducer = (TransducerTopology)parts.Topology;
        var found = Evaluated.Evaluate(parts, drawn);
        Batch batch = drawn.Batch;
        using var withoutGradient = torch.no_grad();
        Tensor encoded = drawn.Output(new Objective(parts), drawn.Inputs()).Logits;
        Tensor logProbs = transducer.Join(encoded, batch).ComputeLogits().log_softmax(3); // [B, T, U+1, V]
        for (int b = 0; b < drawn.Size; b++)
        {
            double likelihood = AlignmentEnumeration
                .Alignments(logProbs[b], batch.Frames[b], batch.Targets[b], batch.Blank!.Value, transducer.IsMonotonic)
                .Sum(alignment => Math.Exp(alignment.Score));
            double expected = likelihood == 0 ? 0 : -Math.Log(likelihood), loss = found.Loss[b].ToDouble();
            bool agrees = Math.Abs(loss - expected) <= Evaluated.Rounding * Math.Max(1, Math.Abs(expected)); // false for NaN
            if (!agrees)
            {
                return FormattableString.Invariant($"the loss of utterance {b} is {loss}; expected {expected}, by listing all alignments");
            }
        }

        return null;
    }
}

using Ctc.Engine.Objectives;

namespace Ctc.Testing.Conformance;

/// <summary>An evaluation that records the quantities that a part reads, and detects writes into them.</summary>
internal sealed class WatchedEvaluation(BatchEvaluation shared, Needs declared, WatchedTensors watched) : Evaluation(shared.Batch)
{
    /// <summary>Gets the quantities read that must be declared.</summary>
    public Needs Read { get; private set; }

    public override Tensor Mask => watched.Watch(nameof(Mask), shared.Mask);

    public override Tensor Feasible => watched.Watch(nameof(Feasible), shared.Feasible);

    public override Tensor LogProbs => watched.Watch(nameof(LogProbs), shared.LogProbs);

    public override Tensor Scores => watched.Watch(nameof(Scores), shared.Scores);

    public override Tensor Loss => watched.Watch(nameof(Loss), shared.Loss);

    public override Tensor Occupancy => declared.HasFlag(Needs.DifferentiableOccupancy)
        ? Needed(Needs.DifferentiableOccupancy, shared.DifferentiableOccupancy)
        : Needed(Needs.Occupancy, shared.Occupancy);

    public override Tensor Entropy => Needed(Needs.Entropy, shared.Entropy);

    public override Tensor ViterbiPath => Needed(Needs.ViterbiPath, shared.ViterbiPath);

    public override Lattice? Everything => throw new NotSupportedException();

    public override PathDistribution Numerator => throw new NotSupportedException();

    public override Tensor Stream(string name) => throw new NotSupportedException();

    public override Tensor LogProbsOf(string stream) => throw new NotSupportedException();

    public override PathDistribution Distribution(Lattice lattice, Tensor? scores = null) => throw new NotSupportedException();

    public override BatchPaths Draw(int count) => throw new NotSupportedException();

    public override IReadOnlyList<IReadOnlyList<long[]>> Spell(BatchPaths paths) => throw new NotSupportedException();

    public override Evaluation EvaluateWith(IReadOnlyList<long[]>? targets = null, Tensor? logProbs = null) => throw new NotSupportedException();

    private Tensor Needed(Needs need, Tensor quantity)
    {
        Read |= need;
        return watched.Watch($"{need}", quantity);
    }
}

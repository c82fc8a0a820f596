using System.Reflection;

namespace Ctc.Engine.Objectives;

/// <summary>A batch as seen by one part: reading an undeclared quantity throws.</summary>
internal sealed class DeclaredEvaluation : Evaluation
{
    private readonly BatchEvaluation shared;
    private readonly Needs needs;
    private readonly string name;

    private DeclaredEvaluation(BatchEvaluation shared, string name, Needs needs)
        : base(shared.Batch)
    {
        this.shared = shared;
        this.name = name;
        this.needs = needs;
    }

    public override Tensor Mask => shared.Mask;

    public override Tensor Feasible => shared.Feasible;

    public override Tensor LogProbs => shared.LogProbs;

    public override Tensor Scores => shared.Scores;

    public override Tensor Loss => shared.Loss;

    public override Tensor Occupancy =>
        needs.HasFlag(Needs.DifferentiableOccupancy) ? shared.DifferentiableOccupancy : Declared(Needs.Occupancy, shared).Occupancy;

    public override Tensor Entropy => Declared(Needs.Entropy, shared).Entropy;

    public override Tensor ViterbiPath => Declared(Needs.ViterbiPath, shared).ViterbiPath;

    public override Lattice? Everything => throw new NotSupportedException();

    public override PathDistribution Numerator => throw new NotSupportedException();

    public override Tensor Stream(string name) => throw new NotSupportedException();

    public override Tensor LogProbsOf(string stream) => throw new NotSupportedException();

    public override PathDistribution Distribution(Lattice lattice, Tensor? scores = null) => throw new NotSupportedException();

    public override BatchPaths Draw(int count) => throw new NotSupportedException();

    public override IReadOnlyList<IReadOnlyList<long[]>> Spell(BatchPaths paths) => throw new NotSupportedException();

    public override Evaluation EvaluateWith(IReadOnlyList<long[]>? targets = null, Tensor? logProbs = null) => throw new NotSupportedException();

    public static DeclaredEvaluation For(IPart part, BatchEvaluation shared)
    {
        return new(shared, PartCalls.Name(part), part.GetType().GetCustomAttribute<PartAttribute>()?.Needs ?? Needs.None);
    }

    private BatchEvaluation Declared(Needs need, BatchEvaluation value) => needs.HasFlag(need)
        ? value
        : throw new InvalidOperationException(
            $"The part '{name}' reads {need}, which it does not declare; expected Needs = Needs.{need} in its Part attribute.");
}

using System.Reflection;
using Ctc.Engine.Paths;

namespace Ctc.Engine.Objectives;

/// <summary>A batch as seen by one part. What it reads passes an <see cref="IPartAccess"/>; its draws are its own.</summary>
/// <remarks>
/// Random paths depend on the place of the part in the objective, so that two parts draw different ones. A decoder sees a batch without targets: what
/// depends on them throws.
/// </remarks>
public sealed class PartEvaluation : Evaluation
{
    private readonly Reading shared;
    private readonly Needs declared;
    private readonly IPartAccess access;
    private readonly string place;

    private PartEvaluation(Reading shared, string place, Needs declared, IPartAccess access)
        : base(shared.Batch) => (this.shared, this.place, this.declared, this.access) = (shared, place, declared, access);

    /// <inheritdoc/>
    public override Tensor Mask => access.Note(nameof(Mask), shared.Mask);

    /// <inheritdoc/>
    public override Tensor LogProbs => access.Note(nameof(LogProbs), shared.LogProbs);

    /// <inheritdoc/>
    public override Tensor Scores => access.Note(nameof(Scores), shared.Scores);

    /// <inheritdoc/>
    public override Lattice? Everything => shared.Everything;

    /// <inheritdoc/>
    public override ILanguageModel? LanguageModel => shared.LanguageModel;

    /// <inheritdoc/>
    public override Tensor Feasible => access.Note(nameof(Feasible), Targets.Feasible);

    /// <inheritdoc/>
    public override Tensor Loss => access.Note(nameof(Loss), Targets.Loss);

    /// <inheritdoc/>
    public override Tensor Occupancy => declared.HasFlag(Needs.DifferentiableOccupancy)
        ? Allowed(Needs.DifferentiableOccupancy, () => Targets.DifferentiableOccupancy)
        : Allowed(Needs.Occupancy, () => Targets.Occupancy);

    /// <inheritdoc/>
    public override Tensor Entropy => Allowed(Needs.Entropy, () => Targets.Entropy);

    /// <inheritdoc/>
    public override Tensor ViterbiPath => Allowed(Needs.ViterbiPath, () => Targets.ViterbiPath);

    /// <inheritdoc/>
    public override TransducerOccupancy Places
    {
        get
        {
            access.Allow(Needs.Places);
            TransducerOccupancy places = Targets.Places;
            return new TransducerOccupancy(access.Note("the places of blanks", places.Blanks), access.Note("the places of tokens", places.Tokens));
        }
    }

    /// <inheritdoc/>
    public override PathDistribution Numerator
    {
        get
        {
            access.Allow(Needs.Recursion);
            return new Paths(this, Targets.Numerator);
        }
    }

    private ObjectiveEvaluation Targets => shared as ObjectiveEvaluation
        ?? throw new InvalidOperationException($"The part '{place}' reads what depends on targets; a decoder has none.");

    /// <summary>The batch as a part of its objective sees it, with access to what it declares.</summary>
    /// <param name="part">A part of the objective.</param>
    /// <param name="shared">The batch.</param>
    /// <param name="access">What happens when the part reads a quantity; by default an undeclared one throws.</param>
    /// <returns>An evaluation for this part alone.</returns>
    public static PartEvaluation For(IPart part, ObjectiveEvaluation shared, IPartAccess? access = null)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(shared);
        return Create(part, shared, shared.Settings, access);
    }

    /// <summary>The batch as a decoder sees it.</summary>
    internal static PartEvaluation For(IDecoder decoder, BatchReading shared, IPartAccess? access = null) =>
        Create(decoder, shared, shared.Settings, access);

    /// <inheritdoc/>
    public override Tensor Stream(string name)
    {
        access.Allow(Needs.Streams);
        return access.Note($"{nameof(Stream)} {name}", shared.Stream(name));
    }

    /// <inheritdoc/>
    public override Tensor LogProbsOf(string stream)
    {
        access.Allow(Needs.Streams);
        return access.Note($"{nameof(LogProbsOf)} {stream}", shared.LogProbsOf(stream));
    }

    /// <inheritdoc/>
    public override PathDistribution Distribution(Lattice lattice, Tensor? scores = null)
    {
        access.Allow(Needs.Recursion);
        return new Paths(this, shared.Distribution(lattice, scores));
    }

    /// <inheritdoc/>
    public override BatchPaths Draw(int count)
    {
        access.Allow(Needs.Draws);
        return shared is ObjectiveEvaluation evaluation ? evaluation.Draw(count, place) : ((BatchReading)shared).Draw(count, place);
    }

    /// <inheritdoc/>
    public override BatchPaths FindBest(int count)
    {
        access.Allow(Needs.Recursion);
        return shared.FindBest(count);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<long[]>> Spell(BatchPaths paths) => shared.Spell(paths);

    /// <inheritdoc/>
    public override Evaluation EvaluateWith(IReadOnlyList<long[]>? targets = null, Tensor? logProbs = null)
    {
        access.Allow(Needs.Recursion);
        return new PartEvaluation(Targets.EvaluateWith(targets, logProbs), place, declared, access);
    }

    /// <inheritdoc/>
    public override Tensor OtherView(Tensor values, long dimension = 1)
    {
        access.Allow(Needs.OtherView);
        return base.OtherView(values, dimension);
    }

    private static PartEvaluation Create(IPart part, Reading shared, EvaluationSettings settings, IPartAccess? access)
    {
        Needs declared = part.GetType().GetCustomAttribute<PartAttribute>()?.Needs ?? Needs.None;
        return new(shared, settings.PlaceOf(part), declared, access ?? new DeclaredAccess(PartCalls.Name(part), declared));
    }

    private Tensor Allowed(Needs need, Func<Tensor> quantity)
    {
        access.Allow(need);
        return access.Note($"{need}", quantity());
    }

    // A distribution whose draws are those of the part.
    private sealed class Paths(PartEvaluation part, PathDistribution shared) : PathDistribution(shared.Lattice)
    {
        public override Tensor LogLikelihood => Noted(nameof(LogLikelihood), shared.LogLikelihood);

        public override Tensor Occupancy => Noted(nameof(Occupancy), shared.Occupancy);

        public override Tensor States => Noted(nameof(States), shared.States);

        public override Tensor Arcs => Noted(nameof(Arcs), shared.Arcs);

        public override Tensor Entropy => Noted(nameof(Entropy), shared.Entropy);

        public override BatchPaths Best => shared.Best;

        public override BatchPaths Draw(int count)
        {
            part.access.Allow(Needs.Draws);
            return ((LatticeDistribution)shared).Draw(count, part.place);
        }

        private Tensor Noted(string quantity, Tensor value) => part.access.Note($"{quantity} of paths", value);
    }
}

using System.Reflection;
using Ctc.Engine.Decoding;
using Ctc.Engine.Recursions.Transducer;
using Ctc.Engine.Transducers;

namespace Ctc.Engine.Objectives;

/// <summary>Which parts make sense beside a transducer, whose scores are of a frame and the tokens before, and not of a frame alone.</summary>
public static class TransducerFit
{
    private const Needs OfFrames =
        Needs.Occupancy | Needs.DifferentiableOccupancy | Needs.ViterbiPath | Needs.Recursion | Needs.Streams | Needs.Draws;

    /// <summary>Gets the extension points whose parts are checked.</summary>
    public static IReadOnlyList<Type> Points { get; } =
    [
        typeof(IDecoder), typeof(IEmissionTransform), typeof(ILatticeTransform), typeof(ITargetTransform), typeof(ILossWeighting),
        typeof(IAuxiliaryTerm),
    ];

    /// <summary>
    /// Returns whether a part makes sense in an objective with a transducer alone: the transducer itself, a decoder of transducers, or a part that
    /// declares <see cref="Needs.Places"/>.
    /// </summary>
    /// <param name="part">The part.</param>
    public static bool NeedsTransducer(IPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return part is TransducerTopology or ITransducerDecoder { ReadsFrames: false } || DeclaredBy(part).HasFlag(Needs.Places);
    }

    /// <summary>Finds why a part does not fit a transducer.</summary>
    /// <param name="point">The extension point at which the part is used.</param>
    /// <param name="part">The part.</param>
    /// <returns>A sentence without its end: the reason, and what is expected. Null if it fits.</returns>
    public static string? FindFault(Type point, IPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        string? reason =
            point == typeof(IEmissionTransform) ? "changes the scores of tokens in frames"
            : point == typeof(ILatticeTransform) ? "changes the arcs of a lattice of frames"
            : point == typeof(ITargetTransform) ? "changes the share of each token in each frame"
            : point == typeof(IDecoder) && part is not ITransducerDecoder ? "reads a score of each token in each frame"
            : point == typeof(ILossWeighting) || point == typeof(IAuxiliaryTerm) ? FindReading(part)
            : null;
        if (reason is null) return null;
        string expected = point == typeof(IDecoder)
            ? "expected best-path, which is greedy there, or transducer-beam"
            : "expected weightings and terms that read the loss, the entropy of the alignment, its places, or targets and lengths";
        return $"'{PartCalls.Name(part)}' {reason}, and the scores of a transducer depend on the tokens before: they are of frames and of " +
            $"positions in the target, [B, T, U+1, V]; {expected}";
    }

    /// <summary>Finds why the parts of an objective do not fit one another.</summary>
    internal static string? FindFault(ObjectiveParts parts, IReadOnlyList<ObjectiveHead> heads)
    {
        ObjectiveHead? misplaced = heads.FirstOrDefault(head => parts.Transducer is not null || head.Parts.Transducer is not null);
        if (misplaced is not null) return HeadFault(misplaced.Stream) + ".";
        if (parts.Transducer is null && NeedsTransducer(parts.Decoder)) return DecoderFault + ".";
        IEnumerable<IPart> ofFrames = [.. parts.Transducer is null ? parts.All : [], .. heads.SelectMany(head => head.Parts.All)];
        IPart? ofPlaces = ofFrames.FirstOrDefault(NeedsTransducer);
        if (ofPlaces is not null) return PlacesFault(PartCalls.Name(ofPlaces)) + ".";
        if (parts.Transducer is null) return null;
        (Type Point, IEnumerable<IPart> Parts)[] places =
        [
            (typeof(IDecoder), [parts.Decoder]), (typeof(IEmissionTransform), parts.Emissions), (typeof(ILatticeTransform), parts.Lattice),
            (typeof(ITargetTransform), parts.Targets), (typeof(ILossWeighting), parts.Weighting), (typeof(IAuxiliaryTerm), parts.Auxiliary),
        ];
        return places
            .SelectMany(place => place.Parts.Select(part => FindFault(place.Point, part)))
            .FirstOrDefault(fault => fault is not null) is { } found ? found + "." : null;
    }

    /// <summary>Gets why the decoder of transducers does not read another topology: a sentence without its end.</summary>
    public static string DecoderFault =>
        "'transducer-beam' reads a transducer, and the topology is none; expected a decoder of frames, such as best-path or prefix-beam";

    /// <summary>Describes why a part that reads places does not fit another topology.</summary>
    /// <param name="part">The name of the part.</param>
    /// <returns>A sentence without its end.</returns>
    public static string PlacesFault(string part) =>
        $"'{part}' reads the places (t, u) of a transducer, and the topology is none; expected topology: transducer, or a part that reads frames";

    /// <summary>Describes why an objective with a transducer has no heads.</summary>
    /// <param name="stream">The stream of a head.</param>
    /// <returns>A sentence without its end.</returns>
    public static string HeadFault(string stream) =>
        $"there is a head on the stream '{stream}' beside or of a transducer, and a stream has as many numbers in a frame as its joint network " +
        "reads, not one for each token; expected no heads";

    /// <summary>Returns a decoder as one that reads transducers.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    internal static ITransducerDecoder ForTransducer(IDecoder decoder) => decoder as ITransducerDecoder
        ?? throw new ArgumentException(
            $"The decoder '{PartCalls.Name(decoder)}' reads no transducer; expected best-path or transducer-beam.", nameof(decoder));

    private static Needs DeclaredBy(IPart part) => part.GetType().GetCustomAttribute<PartAttribute>()?.Needs ?? Needs.None;

    // What a part declares; and what it reads of one small utterance, because log-probabilities are not declared: outside training and in it.
    private static string? FindReading(IPart part)
    {
        Needs declared = DeclaredBy(part) & OfFrames;
        if (declared != Needs.None) return $"reads {declared} of frames";
        return FindReading(part, default) ?? FindReading(part, new Progress(0, 0, Training: true));
    }

    private static string? FindReading(IPart part, Progress progress)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        int views = DeclaredBy(part).HasFlag(Needs.OtherView) && progress.Training ? 2 : 1;
        var output = new TransducerOutput(torch.zeros(views, 2, 1), torch.zeros(views, 2, 1), torch.zeros(3, 1), null);
        var batch = new Batch(
            [.. Enumerable.Repeat(new long[] { 1 }, views)], [.. Enumerable.Repeat(2L, views)], new Vocabulary(3, 0), progress, null, null)
        {
            Views = views,
        };
        try
        {
            var evaluation = new TransducerEvaluation(new EvaluationSettings(new ObjectiveParts()), output, batch, fastEmit: 0);
            using Tensor read = part is IAuxiliaryTerm term
                ? term.Evaluate(PartEvaluation.For(part, evaluation))
                : ((ILossWeighting)part).Weigh(PartEvaluation.For(part, evaluation));
            return null;
        }
        catch (NoFrameScoresException fault)
        {
            return $"reads {fault.Quantity} of each frame";
        }
        catch (Exception other) when (other is not OutOfMemoryException)
        {
            return null; // it needs its training set, or this utterance is none that it knows
        }
    }
}

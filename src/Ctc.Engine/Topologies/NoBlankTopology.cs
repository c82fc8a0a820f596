namespace Ctc.Engine.Topologies;

/// <summary>The options of <see cref="NoBlankTopology"/>.</summary>
public sealed record NoBlankOptions
{
    /// <summary>Gets the symbol of pauses that the texts do not have.</summary>
    /// <value>The default, ~, is none. A symbol that the data set does not have becomes a token of the network.</value>
    public string? Silence { get; init; }

    /// <summary>Gets where there may be a pause, besides both ends of the text.</summary>
    /// <value>~, the default, is between words, in the place of a space; tokens: between any two tokens.</value>
    public PausePlaces? Between { get; init; }
}

/// <summary>Where there may be a pause.</summary>
public enum PausePlaces
{
    /// <summary>In the place of a space, and before a token that begins with one.</summary>
    Words,

    /// <summary>Between any two tokens, and in the place of a space.</summary>
    Tokens,
}

/// <summary>The tokens of the target and nothing else: S = U states, each held for one frame or more; with a silence also pauses.</summary>
/// <remarks>
/// A path stays or advances; it starts in the first state and ends in the last. The empty target has no state, so it is feasible only without
/// frames. A run of one token counts once for each way to split it among equal neighbours, as under modified; a path spells the shortest of its
/// targets, in which no neighbours are equal. Source: the no-skip
/// CTC in the code of Cai, Yuan, Zheng and Church, "A Comprehensive Study on CTC Loss for Timing Alignment", submitted to ICASSP 2022.
/// <para>
/// With a silence there are further states that read it, at both ends and where the options place them; a path may skip each of them, and those of
/// the target itself. Where tokens are numbers without symbols there are none.
/// </para>
/// </remarks>
/// <param name="options">The silence.</param>
[Part(
    "no-blank",
    typeof(NoBlankOptions),
    Summary = "The tokens of the target alone, each held for one frame or more; there is no blank, but there may be pauses.",
    Formula = "L = −ln Σ_π Π_t p_t(π_t), over the ways to hold the U tokens, and pauses between words, for T frames",
    Paper = "Cai, Yuan, Zheng and Church, A Comprehensive Study on CTC Loss for Timing Alignment, submitted to ICASSP 2022")]
public sealed class NoBlankTopology(NoBlankOptions options) : ITopology
{
    private static readonly int[] StayOrAdvance = [0, 1], StayAdvanceOrSkip = [0, 1, 2];

    /// <summary>Creates a topology without pauses.</summary>
    public NoBlankTopology()
        : this(new NoBlankOptions())
    {
    }

    /// <inheritdoc/>
    /// <returns>The silence, if the data set does not have it. It spells nothing.</returns>
    public IReadOnlyList<AddedToken> AddTokens(Vocabulary vocabulary, IReadOnlyList<long[]> targets) =>
        PausedTarget.AddSilence(vocabulary, options.Silence);

    /// <inheritdoc/>
    public Lattices Build(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new Lattices(options.Silence is { } silence && batch.Vocabulary.Alphabet is not null
            ? WithPauses(batch, PausedTarget.FindSilence(batch.Vocabulary, silence))
            : WithoutPauses(batch));
    }

    private static Lattice WithoutPauses(Batch batch) => Lattice.CreateBanded(
        batch.Targets,
        StayOrAdvance,
        arc: (_, _, _) => 0,
        initial: (_, s) => Allowed(s == 0),
        final: (states, s) => Allowed(s == states.Length - 1),
        empty: states => Allowed(states.Length == 0),
        position: (_, s) => s);

    private Lattice WithPauses(Batch batch, long silence)
    {
        PausedTarget[] targets = [.. batch.Targets.Select(target => PausedTarget.From(target, silence, batch.Vocabulary, options.Between))];
        Dictionary<long[], long[]> positions = targets.ToDictionary(target => target.Labels, target => target.Positions);
        Lattice lattice = Lattice.CreateBanded(
            [.. targets.Select(target => target.Labels)],
            StayAdvanceOrSkip,
            arc: (states, s, step) => Allowed(step < 2 || states[s - 1] == silence),
            initial: (states, s) => Allowed(s == 0 || (s == 1 && states[0] == silence)),
            final: (states, s) => Allowed(s == states.Length - 1 || (s == states.Length - 2 && states[^1] == silence)),
            empty: states => Allowed(states is [var only] && only == silence),
            position: (states, s) => positions[states][s]);
        return lattice.WithSilence(silence);
    }

    private static double Allowed(bool allowed) => allowed ? 0 : double.NegativeInfinity;
}

using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;
using Ctc.Experiments.Decoding;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Alignments;

/// <summary>Aligns texts with outputs of other programs.</summary>
public sealed class EmissionAligner : IDisposable
{
    private const long MostNumbers = 4 << 20; // of logits and of shares of arcs in a batch, if it has more than one utterance

    private readonly Objective objective;
    private readonly Vocabulary vocabulary;
    private readonly TokenText text;
    private readonly EdgeKind edges;
    private readonly double? frameSeconds;

    /// <summary>Prepares the topology.</summary>
    /// <param name="configuration">The topology.</param>
    /// <param name="tokens">The tokens of the outputs.</param>
    /// <param name="edges">Where tokens begin and end.</param>
    /// <param name="frameSeconds">The seconds from one frame to the next; null if unknown.</param>
    /// <exception cref="InvalidDataException">The topology is a transducer, or adds tokens.</exception>
    public EmissionAligner(ObjectiveConfiguration configuration, TokenList tokens, EdgeKind edges, double? frameSeconds)
    {
        (objective, vocabulary) = EmissionObjective.Create(configuration, tokens);
        (text, this.edges, this.frameSeconds) = (new TokenText(tokens), edges, frameSeconds);
    }

    /// <summary>Aligns texts, as many at a time as fit into some memory.</summary>
    /// <param name="inputs">Outputs with the words of their texts.</param>
    /// <param name="refuse">Receives why a text is no text of the tokens: a sentence. It is left out, and the others are aligned.</param>
    /// <returns>Lazily, the alignments in the order of the inputs.</returns>
    public IEnumerable<AlignedUtterance> Align(
        IEnumerable<(Emission Emission, IReadOnlyList<string> Words)> inputs, Action<string> refuse)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(refuse);
        return Neighbours.Group(Spell(inputs, refuse), input => (input.Emission.Frames, Width(input.Text)), MostNumbers).SelectMany(AlignBatch);
    }

    /// <inheritdoc/>
    public void Dispose() => objective.Dispose();

    private IEnumerable<(Emission Emission, SpelledText Text)> Spell(
        IEnumerable<(Emission Emission, IReadOnlyList<string> Words)> inputs, Action<string> refuse)
    {
        var refused = new Refusals(refuse);
        return inputs.SelectMany(input => refused.TryOne(() => (input.Emission, text.Spell(input.Words, input.Emission.Name))));
    }

    private long Width(SpelledText of) => Neighbours.Width(vocabulary.Size, of.Tokens.Length);

    private IReadOnlyList<AlignedUtterance> AlignBatch(IReadOnlyList<(Emission Emission, SpelledText Text)> inputs)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        (Tensor logits, Batch batch) = EmissionBatch.Stack(
            [.. inputs.Select(input => input.Emission)], inputs.Select(input => input.Text.Tokens), vocabulary);
        bool isLong = inputs.Count == 1 && batch.Frames[0] * Width(inputs[0].Text) > MostNumbers;
        AlignedUtterance? whole = isLong
            ? LongAlignment.Find(new AligningObjective(objective), logits, batch, inputs[0].Emission.Id, edges, inputs[0].Text.Words)
            : null;
        if (whole is not null) return [whole with { FrameSeconds = frameSeconds }];

        return BatchAlignment.From(
            objective.Inspect(new EncoderOutput(logits), batch),
            objective.Topology,
            [.. inputs.Select(input => input.Emission.Id)],
            edges,
            [.. inputs.Select(_ => frameSeconds)],
            [.. inputs.Select(input => input.Text.Words)]);
    }
}

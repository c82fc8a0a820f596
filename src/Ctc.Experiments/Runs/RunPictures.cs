using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;
using Ctc.Engine.Paths;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Pictures;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>The pictures of a run.</summary>
internal static class RunPictures
{
    /// <summary>The posteriors, the occupancy and the best alignment of one utterance.</summary>
    /// <param name="utterance">The utterance.</param>
    /// <param name="setup">The model.</param>
    /// <param name="progress">The progress of training, for schedules.</param>
    /// <param name="data">The data source, which may read lines from right to left.</param>
    /// <remarks>Edges are drawn if they are not those of the frames of the best alignment.</remarks>
    public static AlignmentDrawing Alignment(Utterance utterance, Setup setup, Progress progress, PartChoice data)
    {
        setup.Network.eval();
        using var withoutGradient = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        PaddedBatch padded = setup.Pad([utterance], progress);
        EncoderOutput output = setup.Read(padded);
        if (setup.Objective.IsTransducer) return Transducer(WithEdges([]));
        IReadOnlyDictionary<string, BatchEvaluation> heads = setup.Objective.InspectHeads(output, padded.Batch);
        return Frames(
            WithEdges(setup.Alignment == new AlignmentConfiguration() ? [] : FindEdges()),
            [.. heads.Select(head => (head.Key, Rows(head.Value.LogProbs.exp())))]);

        Drawn WithEdges(IReadOnlyList<FrameInterval> edges) => new(utterance, padded.Batch, output, setup.Objective)
        {
            FrameMilliseconds = setup.Data.FrameMilliseconds, IsRightToLeft = IsRightToLeft(data), ToText = setup.ToText, Edges = edges,
        };

        IReadOnlyList<FrameInterval> FindEdges()
        {
            BatchEvaluation aligned = setup.Alignment.Head is { } head ? heads[head] : setup.Objective.Inspect(output, padded.Batch);
            BatchEdges found = BatchEdges.From(aligned, setup.Alignment.Edges);
            return Scaled(found.Edges[0] ?? [], utterance.Frames, found.Frames[0]);
        }
    }

    /// <summary>Edges in frames of an output, in frames of the utterance.</summary>
    /// <param name="edges">Those of its tokens.</param>
    /// <param name="inputs">The frames of the utterance.</param>
    /// <param name="outputs">The frames of the output.</param>
    public static IReadOnlyList<FrameInterval> Scaled(IEnumerable<FrameInterval> edges, int inputs, long outputs)
    {
        double stride = (double)inputs / Math.Max(outputs, 1);
        return [.. edges.Select(edge => new FrameInterval(edge.Start * stride, edge.End * stride))];
    }

    /// <summary>The same, with what the decoder reads, of a model that is not in training.</summary>
    /// <param name="utterance">Alone in its batch.</param>
    /// <param name="padded">The batch.</param>
    /// <param name="network">Its streams of logits are drawn like heads.</param>
    /// <param name="objective">Topology and decoder.</param>
    /// <param name="hypotheses">The number of hypotheses at most.</param>
    /// <param name="frameMilliseconds">The duration of a frame; null if unknown.</param>
    /// <param name="isAligned">Whether there is a target, perhaps an empty one.</param>
    /// <param name="data">The data source, which may read lines from right to left.</param>
    /// <param name="toText">Joins symbols to text.</param>
    /// <param name="edges">Where tokens begin and end, in frames of the utterance; none if they are not drawn.</param>
    public static AlignmentDrawing Reading(
        Utterance utterance, PaddedBatch padded, Encoder network, Objective objective, int hypotheses, double? frameMilliseconds, bool isAligned,
        PartChoice data, Func<IReadOnlyList<string>, string> toText, IReadOnlyList<FrameInterval> edges)
    {
        EncoderOutput output = padded.ReadBy(network);
        var drawn = new Drawn(utterance, padded.Batch, output, objective)
        {
            FrameMilliseconds = frameMilliseconds, Hypotheses = hypotheses, IsAligned = isAligned, IsRightToLeft = IsRightToLeft(data),
            ToText = toText, Edges = edges,
        };
        if (objective.IsTransducer) return Transducer(drawn);
        var streams =
            from stream in network.Streams
            where stream.Width is null && output.Streams.ContainsKey(stream.Name)
            select (stream.Name, Rows(output.Streams[stream.Name].softmax(2)));
        return Frames(drawn, [.. streams]);
    }

    private static AlignmentDrawing Frames(Drawn drawn, IReadOnlyList<(string, float[,])> heads)
    {
        (Batch batch, Objective objective) = (drawn.Batch, drawn.Objective);
        BatchEvaluation? evaluation = drawn.IsAligned ? objective.Inspect(drawn.Output, batch) : null;
        bool fits = evaluation is not null && evaluation.Feasible.cpu().item<bool>();
        return drawn.With(
            Rows(evaluation?.LogProbs.exp() ?? drawn.Output.Logits.softmax(2)),
            fits ? Rows(evaluation!.Occupancy) : null,
            fits ? Path(evaluation!.ViterbiPath) : null,
            heads,
            fits ? AlignedWord.FromSpans(objective.Topology.FindWords(batch, 0, Path(evaluation!.ViterbiStates))) : []);
    }

    // The posterior of a frame is an average over its places; the share of the blank is what the tokens leave of 1. The places of a new input are
    // those of what is read.
    private static AlignmentDrawing Transducer(Drawn drawn)
    {
        Batch batch = drawn.IsAligned ? drawn.Batch : drawn.Batch.WithTargets([drawn.Read[0].Tokens]);
        TransducerEvaluation evaluation = drawn.Objective.InspectTransducer(drawn.Output, batch);
        Tensor posteriors = evaluation.AveragePosteriors(0);
        TransducerPath best = evaluation.Alignments[0];
        if (!drawn.IsAligned || best.Frames is null) return drawn.With(Rows(posteriors.unsqueeze(1)), null, null);
        var shares = new float[posteriors.shape[0], posteriors.shape[1]];
        var path = new long[shares.GetLength(0)];
        long blank = batch.Vocabulary.Alphabet!.Blank;
        Array.Fill(path, blank);
        foreach ((int u, int frame) in best.Frames.Index()) path[frame] = best.Tokens[u];
        float[,] emitted = Rows(evaluation.Places.Tokens.transpose(0, 1));
        for (int t = 0; t < path.Length; t++)
        {
            for (int u = 0; u < best.Tokens.Length; u++) shares[t, best.Tokens[u]] += emitted[t, u];
            shares[t, blank] = Math.Max(0, 1 - Enumerable.Range(0, best.Tokens.Length).Sum(u => emitted[t, u]));
        }

        return drawn.With(Rows(posteriors.unsqueeze(1)), shares, path);
    }

    private static bool IsRightToLeft(PartChoice data) => data.Options is ManifestOptions { Direction: ReadingDirection.RightToLeft };

    private static long[] Path(Tensor of) => of.cpu().contiguous().data<long>().ToArray();

    // [T, 1, V] to [T, V]
    private static float[,] Rows(Tensor shares)
    {
        float[] values = shares.to(torch.float32).cpu().contiguous().data<float>().ToArray();
        var rows = new float[shares.shape[0], shares.shape[2]];
        Buffer.BlockCopy(values, 0, rows, 0, values.Length * sizeof(float));
        return rows;
    }

    /// <summary>One utterance, and the output of the network for it.</summary>
    private sealed class Drawn(Utterance utterance, Batch batch, EncoderOutput output, Objective objective)
    {
        public Batch Batch => batch;

        public EncoderOutput Output => output;

        public Objective Objective => objective;

        public IReadOnlyList<Hypothesis> Read { get; } = objective.Decode(output, batch)[0];

        public double? FrameMilliseconds { get; init; }

        public int Hypotheses { get; init; }

        public bool IsAligned { get; init; } = true;

        public IReadOnlyList<FrameInterval> Edges { get; init; } = [];

        public bool IsRightToLeft { get; init; }

        public required Func<IReadOnlyList<string>, string> ToText { get; init; }

        public AlignmentDrawing With(
            float[,] posteriors, float[,]? occupancy, long[]? path, IReadOnlyList<(string, float[,])>? heads = null,
            IReadOnlyList<AlignedWord>? words = null)
        {
            Alphabet alphabet = batch.Vocabulary.Alphabet!;
            string read = ToText([.. Read[0].Tokens.Select(token => alphabet[token])]);
            return new AlignmentDrawing(utterance, alphabet, posteriors, occupancy, path, read)
            {
                ToText = ToText,
                FrameMilliseconds = FrameMilliseconds,
                IsRightToLeft = IsRightToLeft,
                Vocabulary = batch.Vocabulary,
                Edges = Edges,
                Heads = heads ?? [],
                Hypotheses = [.. Read.Take(Hypotheses)],
                Words = words ?? [],
            };
        }
    }
}

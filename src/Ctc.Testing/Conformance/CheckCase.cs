using System.Text.Json;
using Ctc.Engine.Objectives;

namespace Ctc.Testing.Conformance;

/// <summary>A small batch for a check, as managed numbers, so that it can be shrunk and printed.</summary>
/// <param name="Logits">B × T × V numbers, each utterance frame by frame; those after an utterance's length are padding.</param>
/// <param name="Targets">B token sequences.</param>
/// <param name="Frames">B lengths.</param>
/// <param name="Tokens">V.</param>
/// <param name="Blank">The token of the blank.</param>
internal sealed record CheckCase(double[][][] Logits, long[][] Targets, long[] Frames, long Tokens, long Blank)
{
    /// <summary>Draws a ragged batch: T up to 6, V from 2 to 5, B up to 3, any blank; some targets repeat, are empty, or do not fit.</summary>
    /// <param name="seed">The same seed gives the same batch.</param>
    /// <returns>Logits between −2 and 2, of three decimals.</returns>
    public static CheckCase Draw(int seed)
    {
        var random = new Random(seed);
        int total = random.Next(2, 7), size = random.Next(1, 4), tokens = random.Next(2, 6), blank = random.Next(tokens);
        long Token() => (blank + random.Next(1, tokens)) % tokens;
        return new CheckCase(
            [.. Enumerable.Range(0, size).Select(_ => Rows(total))],
            [.. Enumerable.Range(0, size).Select(_ => Enumerable.Range(0, random.Next(0, 4)).Select(_ => Token()).ToArray())],
            [.. Enumerable.Range(0, size).Select(b => b == 0 ? total : random.NextInt64(1, total + 1))],
            tokens,
            blank);

        double[][] Rows(int frames) =>
            [.. Enumerable.Range(0, frames).Select(_ => Enumerable.Range(0,
                tokens).Select(_ => Math.Round((4 * random.NextDouble()) - 2, 3)).ToArray())];
    }

    /// <summary>Gets B.</summary>
    public int Size => Targets.Length;

    /// <summary>Gets T, the number of frames of the longest utterance.</summary>
    public long Longest => Frames.Append(0).Max();

    /// <summary>Gets the progress of training; by default step 0, outside training.</summary>
    public Progress Progress { get; init; }

    /// <summary>Gets the names of the utterances, on which the numbers of a part that draws depend. By default their positions.</summary>
    public string[] Ids
    {
        get => field ?? [.. Enumerable.Range(0, Size).Select(b => $"{b}")];
        init;
    }

    /// <summary>Gets the tokens that the topology adds to the vocabulary; by default none.</summary>
    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    /// <summary>Gets whether each utterance is read twice in training; by default false.</summary>
    public bool InViews { get; init; }

    /// <summary>The same batch in training, in the second half of the first epoch.</summary>
    public CheckCase InTraining() => this with { Progress = new Progress(1, 0.5, Training: true) };

    /// <summary>Gets the vocabulary, with the tokens that the topology adds.</summary>
    public Vocabulary Vocabulary => new Vocabulary(Tokens, Blank).WithAdded(Added);

    /// <summary>Gets the batch, with copies of the arrays; with two rows for each utterance where it has two views.</summary>
    public Batch Batch
    {
        get
        {
            int views = HasTwoViews ? 2 : 1;
            IEnumerable<T> Rows<T>(IEnumerable<T> utterances) => Enumerable.Repeat(utterances, views).SelectMany(rows => rows);
            return new Batch(
                [.. Rows(Targets).Select(target => target.ToArray())], [.. Rows(Frames)], Vocabulary, Progress, names: null, graphs: null)
            {
                Ids = [.. Rows(Ids)], Views = views,
            };
        }
    }

    private bool HasTwoViews => InViews && Progress.Training;

    /// <summary>The logits as a tensor.</summary>
    /// <param name="type">By default float64.</param>
    /// <returns>[T, B, V].</returns>
    public Tensor Inputs(torch.ScalarType type = torch.ScalarType.Float64)
    {
        double[] flat = [.. from t in Enumerable.Range(0, (int)Longest) from rows in Logits from number in rows[t] select number];
        return torch.tensor(flat, [Longest, Size, Tokens]).to(type);
    }

    /// <summary>The logits with further frames, and with NaN in all padding.</summary>
    /// <param name="more">The number of further frames.</param>
    /// <returns>[T + more, B, V] of type float64.</returns>
    public Tensor PaddedWithNaN(long more)
    {
        Tensor clean = Inputs(), padded = torch.full([Longest + more, Size, Tokens], double.NaN, torch.float64);
        for (int b = 0; b < Size; b++) padded.narrow(0, 0, Frames[b]).select(1, b).copy_(clean.narrow(0, 0, Frames[b]).select(1, b));
        return padded;
    }

    /// <summary>The output of a network for logits of the utterances: further columns, rows and streams are functions of them.</summary>
    /// <param name="objective">Reads it: a number for each token in each frame, added ones included, or as many as a joint network reads.</param>
    /// <param name="logits">[T, B, V] for the tokens of the targets and the blank.</param>
    /// <returns>As many columns as the objective reads, two rows for each utterance of two views, and a stream of any name.</returns>
    public EncoderOutput Output(Objective objective, Tensor logits)
    {
        long width = objective.FindWidth(Vocabulary), further = width - Tokens;
        if (further < 0) logits = logits.narrow(2, 0, width);
        if (further > 0)
        {
            Tensor numbers = torch.arange(further, dtype: torch.int64);
            Tensor columns = (logits.index_select(2, numbers.remainder(Tokens)) * 0.7) - (numbers.remainder(10).to(logits.dtype) * 0.1);
            logits = torch.cat([logits, columns], 2);
        }

        Tensor all = HasTwoViews ? torch.cat([logits, logits * 0.4], 1) : logits;
        return new EncoderOutput(all) { Streams = new AnyStream(() => all * 0.6) };
    }

    /// <summary>The values of the utterances: of two views the sum.</summary>
    /// <param name="rows">A value for each row of the batch.</param>
    /// <returns>[B].</returns>
    public Tensor SumViews(Tensor rows) => HasTwoViews ? rows.view(2, Size).sum([0]) : rows;

    /// <summary>One utterance without the others and without padding.</summary>
    /// <param name="utterance">In [0, B).</param>
    /// <returns>A batch of one.</returns>
    public CheckCase Alone(int utterance) => this with
    {
        Logits = [Logits[utterance]],
        Targets = [Targets[utterance]],
        Frames = [Frames[utterance]],
        Ids = [Ids[utterance]],
    };

    /// <summary>
    /// The batches with one element removed: an utterance, the last frame of one, a token of a target, a token of the vocabulary.
    /// </summary>
    /// <returns>Smaller batches, the smallest first.</returns>
    public IEnumerable<CheckCase> Smaller()
    {
        for (int b = 0; Size > 1 && b < Size; b++)
        {
            yield return this with { Logits = Without(Logits, b), Targets = Without(Targets, b), Frames = Without(Frames, b) };
        }

        for (long v = 0; Added.Count == 0 && Tokens > 2 && v < Tokens; v++)
        {
            if (v != Blank && !Targets.Any(target => target.Contains(v))) yield return WithoutToken(v);
        }

        for (int b = 0; b < Size; b++)
        {
            if (Frames[b] > 1) yield return this with { Frames = With(Frames, b, Frames[b] - 1) };
            for (int u = 0; u < Targets[b].Length; u++) yield return this with { Targets = With(Targets, b, Without(Targets[b], u)) };
        }
    }

    /// <summary>The batch as input of <c>ctc loss</c>.</summary>
    /// <returns>Sizes and JSON.</returns>
    public override string ToString()
    {
        string request = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["layout"] = "BTV",
            ["inputs"] = Logits.Select(rows => rows.Take((int)Longest)),
            ["targets"] = Targets,
            ["input_lengths"] = Frames,
            ["blank"] = Blank,
        });
        return $"T={Longest} B={Size} V={Tokens} U={Targets.Max(target => target.Length)}{(Progress.Training ? " in training" : "")} {request}";
    }

    // Later tokens move down by one.
    private CheckCase WithoutToken(long unused)
    {
        long Moved(long token) => token > unused ? token - 1 : token;
        return new CheckCase(
            [.. Logits.Select(rows => rows.Select(row => Without(row, (int)unused)).ToArray())],
            [.. Targets.Select(target => target.Select(Moved).ToArray())],
            Frames,
            Tokens - 1,
            Moved(Blank)) { Progress = Progress, InViews = InViews };
    }

    private static T[] Without<T>(T[] items, int position) => [.. items[..position], .. items[(position + 1)..]];

    private static T[] With<T>(T[] items, int position, T item) => [.. items[..position], item, .. items[(position + 1)..]];
}

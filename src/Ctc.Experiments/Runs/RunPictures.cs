using Ctc.Engine.Objectives;
using Ctc.Engine.Paths;
using Ctc.Experiments.Pictures;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>The pictures of a run.</summary>
internal static class RunPictures
{
    /// <summary>The posteriors, the occupancy and the best alignment of one utterance.</summary>
    public static AlignmentDrawing Alignment(Utterance utterance, Setup setup, Progress progress)
    {
        (Dataset data, Encoder network) = (setup.Data, setup.Network);
        network.eval();
        using var withoutGradient = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        PaddedBatch padded = setup.Pad([utterance], progress);
        EncoderOutput output = setup.Read(padded);
        if (setup.Objective.IsTransducer) return Transducer(utterance, setup, output, padded.Batch);
        Evaluation evaluation = setup.Objective.Inspect(output, padded.Batch);
        bool fits = evaluation.Feasible.cpu().item<bool>();
        return new AlignmentDrawing(
            utterance,
            data.Alphabet,
            Rows(evaluation.LogProbs.exp()),
            fits ? Rows(evaluation.Occupancy) : null,
            fits ? evaluation.ViterbiPath.cpu().data<long>().ToArray() : null,
            data.Alphabet.Format(setup.Objective.Decode(output, padded.Batch)[0][0].Tokens))
        {
            FrameMilliseconds = data.FrameMilliseconds,
            Vocabulary = setup.Vocabulary,
            Heads = [.. setup.Objective.InspectHeads(output, padded.Batch).Select(head => (head.Key, Rows(head.Value.LogProbs.exp())))],
        };
    }

    // The posterior of a frame is an average over its places; the share of the blank is what the tokens leave of 1.
    private static AlignmentDrawing Transducer(Utterance utterance, Setup setup, EncoderOutput output, Batch batch)
    {
        TransducerEvaluation evaluation = setup.Objective.InspectTransducer(output, batch);
        Tensor posteriors = evaluation.AveragePosteriors(0);
        var shares = new float[posteriors.shape[0], posteriors.shape[1]];
        var path = new long[shares.GetLength(0)];
        Array.Fill(path, setup.Data.Alphabet.Blank);
        TransducerPath best = evaluation.Alignments[0];
        foreach ((int u, int frame) in (best.Frames ?? []).Index()) path[frame] = best.Tokens[u];
        float[,] emitted = Rows(evaluation.Places.Tokens.transpose(0, 1));
        for (int t = 0; t < path.Length; t++)
        {
            for (int u = 0; u < best.Tokens.Length; u++) shares[t, best.Tokens[u]] += emitted[t, u];
            shares[t, setup.Data.Alphabet.Blank] = Math.Max(0, 1 - Enumerable.Range(0, best.Tokens.Length).Sum(u => emitted[t, u]));
        }

        return new AlignmentDrawing(
            utterance,
            setup.Data.Alphabet,
            Rows(posteriors.unsqueeze(1)),
            best.Frames is null ? null : shares,
            best.Frames is null ? null : path,
            setup.Data.Alphabet.Format(setup.Objective.Decode(output, batch)[0][0].Tokens))
        {
            FrameMilliseconds = setup.Data.FrameMilliseconds,
            Vocabulary = setup.Vocabulary,
        };
    }

    // [T, 1, V] to [T, V]
    private static float[,] Rows(Tensor shares)
    {
        float[] values = shares.to(torch.float32).cpu().contiguous().data<float>().ToArray();
        var rows = new float[shares.shape[0], shares.shape[2]];
        Buffer.BlockCopy(values, 0, rows, 0, values.Length * sizeof(float));
        return rows;
    }
}

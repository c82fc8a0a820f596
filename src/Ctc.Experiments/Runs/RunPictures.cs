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

    // [T, 1, V] to [T, V]
    private static float[,] Rows(Tensor shares)
    {
        float[] values = shares.to(torch.float32).cpu().contiguous().data<float>().ToArray();
        var rows = new float[shares.shape[0], shares.shape[2]];
        Buffer.BlockCopy(values, 0, rows, 0, values.Length * sizeof(float));
        return rows;
    }
}

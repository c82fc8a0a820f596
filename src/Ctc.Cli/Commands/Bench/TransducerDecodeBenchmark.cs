using Ctc.Engine.Objectives;
using Ctc.Engine.Transducers;

namespace Ctc.Cli.Commands.Bench;

/// <summary>The beam of a transducer on one thread: the networks at their default widths, with weights drawn at random, 32 tokens.</summary>
/// <remarks>
/// The blank has two thirds of the probability of a place on average, and no token is ahead of the others: the worst case, because nothing that is
/// likely ends a frame early.
/// </remarks>
public static class TransducerDecodeBenchmark
{
    /// <summary>The numbers of sequences that are measured.</summary>
    public static IReadOnlyList<int> Widths { get; } = [4, 8, 16];

    /// <summary>Measures all widths, in turns.</summary>
    /// <param name="frames">The frames of the utterance.</param>
    /// <param name="repetitions">Turns that count, after one for warm-up.</param>
    /// <returns>One case for each.</returns>
    public static IReadOnlyList<TransducerDecodeCase> Measure(int frames, int repetitions)
    {
        const int tokens = DecodeBenchmark.Tokens;
        return Interleaved.OnThreads<IReadOnlyList<TransducerDecodeCase>>(1, () =>
        {
            torch.random.manual_seed(1);
            var transducer = new TransducerTopology(new TransducerOptions());
            using var objective = new Objective(new ObjectiveParts { Topology = transducer });
            var vocabulary = new Vocabulary(tokens, blank: 0);
            objective.Begin(new TrainingSet([], [], vocabulary));
            using (torch.no_grad())
            {
                using Tensor ofBlank = transducer.get_parameter("output.bias")!.narrow(0, 0, 1);
                ofBlank.fill_(Math.Log(2 * (tokens - 1)));
            }

            var encoded = new EncoderOutput(torch.randn(frames, 1, transducer.Width));
            var batch = new Batch([[]], [frames], vocabulary, default, names: null, graphs: null);
            Action<Interleaved.Clock>[] ways =
            [
                .. Widths.Select(width =>
                {
                    var decoder = new TransducerBeamDecoder(new TransducerBeamOptions { Width = width });
                    return (Action<Interleaved.Clock>)(
                        clock => clock.Time($"{width}", () => objective.Decode(encoded, batch, decoder)[0][0].Score));
                }),
            ];
            Dictionary<string, Interleaved.Measured> medians = Interleaved.Medians(repetitions, warmUp: 1, ways);
            return [.. Widths.Select(width => new TransducerDecodeCase(frames, width, 1000.0 * frames / medians[$"{width}"].Ms))];
        });
    }
}

/// <summary>The speed of the beam of a transducer.</summary>
/// <param name="Frames">The frames of the utterance.</param>
/// <param name="Width">The sequences that are kept.</param>
/// <param name="FramesPerSecond">Frames per second and core, the networks included.</param>
public sealed record TransducerDecodeCase(int Frames, int Width, double FramesPerSecond);

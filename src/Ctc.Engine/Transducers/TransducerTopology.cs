using Ctc.Engine.Decoding;
using Ctc.Engine.Recursions.Transducer;
using Ctc.Engine.Topologies;
using TorchSharp.Modules;

namespace Ctc.Engine.Transducers;

/// <summary>A transducer (RNN-T): in each frame any number of tokens, whose probabilities depend on the frame and on the tokens before.</summary>
/// <remarks>
/// <para>
/// The prediction network is an LSTM over the tokens emitted so far; the joint network adds its output to that of the encoder and maps the tanh of
/// the sum to the tokens and the blank. Both belong to this part, so that they are trained, saved and loaded with the objective. The encoder gives
/// <see cref="Width"/> numbers in each frame instead of logits.
/// </para>
/// <para>
/// The lattice of <see cref="Build"/> is that of the blanks alone: tokens take no frames. The likelihood is that of <see
/// cref="TransducerRecursion"/>. In the monotonic form each frame emits one token or the blank: its lattice is that of <see
/// cref="SelflessTopology"/>, and the likelihood that of <see cref="MonotonicRecursion"/>. Sources: Graves, "Sequence Transduction with Recurrent
/// Neural Networks", 2012, arXiv 1211.3711; FastEmit: Yu et al., ICASSP 2021, arXiv 2010.11148.
/// </para>
/// </remarks>
/// <param name="options">Widths, and FastEmit.</param>
[Part(
    "transducer",
    typeof(TransducerOptions),
    Summary = "Any number of tokens in a frame, each given the tokens before: an LSTM over tokens, joined to the encoder.",
    Formula = "L = −ln Σ_a Π p(a_i | t_i, u_i),  p = softmax(W tanh(f_t + g_u) + b), over all orders of T blanks and U tokens",
    Paper = "Graves, Sequence Transduction with Recurrent Neural Networks, 2012, arXiv 1211.3711",
    Detached = "the share of the gradients of tokens that FastEmit adds")]
public sealed class TransducerTopology(TransducerOptions options) : torch.nn.Module("transducer"), ITopology, ITrainingObserver
{
    private Embedding? embedding;
    private LSTM? lstm;
    private Linear? projection, output;

    /// <summary>Gets the number of numbers that the encoder gives in each frame.</summary>
    public long Width => options.Joint;

    /// <summary>Gets whether each frame emits one token or the blank.</summary>
    public bool IsMonotonic => options.Monotonic;

    /// <summary>Returns FastEmit's λ.</summary>
    /// <param name="progress">The progress of training.</param>
    public double FastEmitAt(Progress progress) => options.FastEmit.At(progress);

    /// <summary>Creates the networks, with weights drawn from the global random generator.</summary>
    /// <param name="training">Only its vocabulary is read.</param>
    /// <exception cref="ArgumentException">There is no blank.</exception>
    public void Begin(TrainingSet training)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.Vocabulary.Blank is null)
        {
            throw new ArgumentException("A transducer needs a blank, and the vocabulary has none.", nameof(training));
        }

        using DisposeScope scope = torch.NewDisposeScope();
        long tokens = training.Vocabulary.Size;
        register_module("embedding", embedding = torch.nn.Embedding(tokens, options.Embedding));
        register_module("lstm", lstm = torch.nn.LSTM(options.Embedding, options.Hidden));
        register_module("projection", projection = torch.nn.Linear(options.Hidden, options.Joint));
        register_module("output", output = torch.nn.Linear(options.Joint, tokens));
        foreach (Parameter weight in parameters()) weight.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    /// <returns>
    /// One state, the blank, in every frame; without frames only an empty target can be read. In the monotonic form the lattice of selfless.
    /// </returns>
    /// <exception cref="ArgumentException">The batch has no blank.</exception>
    public Lattices Build(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long blank = batch.Blank ?? throw new ArgumentException("A transducer needs a blank, and the batch has none.", nameof(batch));
        if (IsMonotonic) return new SelflessTopology().Build(batch);
        Tensor zeros = torch.zeros([batch.Size, 1], torch.float64);
        double[] empty = [.. batch.Targets.Select(target => target.Length == 0 ? 0 : double.NegativeInfinity)];
        Tensor labels = torch.tensor([.. batch.Targets.Select(_ => blank)], [batch.Size, 1]);
        return new Lattices(new Lattice(labels, new BandedArcs([0], zeros.unsqueeze(0)), zeros, zeros, torch.tensor(empty)));
    }

    /// <summary>Joins the output of an encoder to that of the prediction network, differentiable.</summary>
    /// <param name="encoded">[T, B, width]; padding may hold anything.</param>
    /// <param name="batch">The targets that the prediction network reads.</param>
    /// <returns>The inputs of the joint network, in the type of the encoder's output; if that is of half precision, in that of the weights.</returns>
    /// <exception cref="ArgumentException">The encoder has another width.</exception>
    /// <exception cref="InvalidOperationException">The networks are not created yet.</exception>
    public TransducerOutput Join(Tensor encoded, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Check(encoded);
        int columns = 1 + batch.Targets.Select(target => target.Length).Append(0).Max();
        long start = batch.Blank!.Value;
        long[] before = [.. batch.Targets.SelectMany(target => target.Prepend(start).Concat(Enumerable.Repeat(start, columns - 1 - target.Length)))];
        Tensor tokens = torch.tensor(before, [batch.Size, columns], device: encoded.device).transpose(0, 1);
        Tensor states = batch.Size == 0
            ? torch.zeros([columns, 0, options.Hidden], output!.weight!.dtype, encoded.device)
            : lstm!.call(embedding!.call(tokens)).Item1; // [U+1, B, H]
        torch.ScalarType type = encoded.dtype is torch.ScalarType.Float32 or torch.ScalarType.Float64 ? encoded.dtype : output!.weight!.dtype;
        return new TransducerOutput(
            encoded.transpose(0, 1).to(type), projection!.call(states).transpose(0, 1).to(type), output!.weight!.to(type), output.bias!.to(type));
    }

    /// <summary>Opens a batch for decoders, which extend the tokens one by one. Nothing is recorded.</summary>
    /// <param name="encoded">[T, B, width]; padding may hold anything.</param>
    /// <param name="batch">Lengths.</param>
    /// <param name="languageModel">The language model; null for none.</param>
    internal TransducerReading Open(Tensor encoded, Batch batch, ILanguageModel? languageModel)
    {
        Check(encoded);
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        var network = PredictionNetwork.FromWeights(embedding!, lstm!, projection!, output!);
        double[] frames = PredictionNetwork.Numbers(encoded.transpose(0, 1)); // [B, T, J]
        int size = (int)(encoded.shape[0] * Width);
        return new TransducerReading(
            batch,
            languageModel,
            [.. batch.Frames.Select((count, b) => new TransducerUtterance(network, frames.AsMemory(b * size, (int)(count * Width)))
            {
                Blank = batch.Blank!.Value,
            })])
        {
            IsMonotonic = IsMonotonic,
        };
    }

    private void Check(Tensor encoded)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        if (output is null) throw new InvalidOperationException("The transducer has no networks yet; expected a call of Begin before.");
        if (encoded.dim() == 3 && encoded.shape[2] == Width) return;
        throw new ArgumentException(
            $"The encoder gives [{string.Join(", ", encoded.shape)}]; expected [T, B, {Width}], the width of the joint network.", nameof(encoded));
    }
}

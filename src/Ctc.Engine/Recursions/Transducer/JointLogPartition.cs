using System.Numerics;
using Ctc.Engine.Recursions.Autograd;
using Ctc.Engine.Recursions.Fused.Memory;

namespace Ctc.Engine.Recursions.Transducer;

/// <summary>ln Z of a transducer from the inputs of its joint network, some frames of one utterance at a time, as one node.</summary>
/// <remarks>
/// The forward pass computes the logits of a chunk and keeps three numbers of each place. The backward pass computes them again, so the product with
/// the weight is made twice: four products of B·T·(U+1) × V × H in all, where a tensor of logits needs three.
/// </remarks>
internal sealed class JointLogPartition : GradientNode<JointLogPartition, JointLogPartition.Saved>
{
    private const long BytesOfChunk = 1 << 23; // of logits: a chunk stays in the cache of the processor, or near it

    /// <summary>Computes ln Z, joined to autograd.</summary>
    /// <param name="batch">Checked against the output.</param>
    /// <param name="output">On the CPU, B·T ≥ 1, of type float32 or float64.</param>
    /// <param name="fastEmit">The factor on the gradients of tokens is 1 + this number.</param>
    /// <param name="bytesOfChunk">The memory of the logits of a chunk; it has one frame at least.</param>
    /// <returns>[B] ln Z. Its incoming gradient may be any number where no alignment has a probability.</returns>
    public static Tensor Compute(Batch batch, TransducerOutput output, double fastEmit, long bytesOfChunk = BytesOfChunk)
    {
        var saved = new Saved(batch, output, fastEmit, bytesOfChunk);
        if (torch.is_grad_enabled() && saved.Inputs.Any(input => input.requires_grad)) return apply([.. saved.Inputs, saved]);
        using var withoutGradient = torch.no_grad();
        return Likelihood(saved, output, posterior: false).LogZ;
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Saved saved, Tensor input)
    {
        using var withoutGradient = torch.no_grad();
        (Tensor logZ, PlaceTable table) = Likelihood(saved, saved.Output, posterior: true);
        saved.Tables = [.. table.Tensors.Select(numbers => numbers.MoveToOuterDisposeScope())];
        return logZ;
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(Saved saved, List<Tensor> tensors, Tensor upstream)
    {
        TransducerOutput output = saved.Rebuild(tensors);
        if (torch.is_grad_enabled()) return Recorded(saved, output, upstream);
        List<Tensor> tables = tensors[^3..];
        var table = new PlaceTable(tables[0], tables[1], tables[2]);
        double[] factors = [.. upstream.to(torch.float64).contiguous().data<double>()];
        Tensor[] gradients = [.. saved.InputsOf(output).Select(input => torch.zeros_like(input))];
        foreach (Chunk chunk in Chunks(saved, output))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            (Tensor hidden, Tensor logits) = chunk.Join(output); // [n, U+1, H] and [n, U+1, V]
            Tensor slopes = torch.empty_like(logits);
            if (logits.dtype == torch.float64) Write<double>(saved, chunk, logits, table, factors[chunk.Utterance], slopes);
            else Write<float>(saved, chunk, logits, table, factors[chunk.Utterance], slopes);
            Tensor flat = slopes.flatten(0, 1);
            gradients[2].addmm_(flat.t(), hidden.flatten(0, 1), 1, 1);
            if (output.Bias is not null) gradients[3].add_(flat.sum([0L]), Scalars.One);
            Tensor before = slopes.matmul(output.Weight) * (hidden * hidden).neg().add(Scalars.One, Scalars.One);
            chunk.FramesOf(gradients[0]).add_(before.sum([1L]), Scalars.One);
            chunk.PredictionsOf(gradients[1]).add_(before.sum([0L]), Scalars.One);
        }

        GC.KeepAlive(tables);
        return [.. gradients];
    }

    private static (Tensor LogZ, PlaceTable Table) Likelihood(Saved saved, TransducerOutput output, bool posterior)
    {
        var table = PlaceTable.CreateZeros(output.Frames.shape[0], output.Frames.shape[1], output.Predictions.shape[1]);
        foreach (Chunk chunk in Chunks(saved, output))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            Tensor logits = chunk.Join(output).Logits;
            if (logits.dtype == torch.float64) Read<double>(saved, chunk, logits, table);
            else Read<float>(saved, chunk, logits, table);
        }

        return (torch.tensor(table.Run(saved.Batch, posterior)).to(output.Frames.dtype), table);
    }

    private static void Read<T>(Saved saved, Chunk chunk, Tensor logits, PlaceTable table)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var memory = new TensorMemory<T>(logits);
        Workers.Share(chunk.Frames, t => chunk.Rows(saved.Batch, t).Read(memory, logits: true, table));
        GC.KeepAlive(logits);
    }

    private static void Write<T>(Saved saved, Chunk chunk, Tensor logits, PlaceTable table, double factor, Tensor to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (memory, slopes) = (new TensorMemory<T>(logits), new TensorMemory<T>(to));
        double ofTokens = 1 + saved.FastEmit;
        Workers.Share(chunk.Frames, t => chunk.Rows(saved.Batch, t).WriteGradient(memory, logits: true, table, factor, ofTokens, slopes));
        GC.KeepAlive(logits);
    }

    private static IEnumerable<Chunk> Chunks(Saved saved, TransducerOutput output)
    {
        long bytes = output.Weight.shape[0] * (output.Weight.dtype == torch.float64 ? sizeof(double) : sizeof(float));
        for (int b = 0; b < saved.Batch.Size; b++)
        {
            int columns = saved.Batch.Targets[b].Length + 1, frames = (int)saved.Batch.Frames[b];
            int most = (int)Math.Clamp(saved.BytesOfChunk / (bytes * columns), 1, int.MaxValue);
            for (int start = 0; start < frames; start += most) yield return new Chunk(b, start, Math.Min(most, frames - start), columns);
        }
    }

    // Gradients of gradients: by operations of which every one has one. All logits exist.
    private static Tensor?[] Recorded(Saved saved, TransducerOutput output, Tensor upstream)
    {
        TransducerOutput valid = TransducerInputs.WithoutPadding(saved.Batch, output);
        Tensor hidden = valid.Frames.unsqueeze(2).Plus(valid.Predictions.unsqueeze(1)).tanh();
        var arcs = TransducerArcs.Read(saved.Batch, torch.nn.functional.linear(hidden, valid.Weight, valid.Bias), logits: true);
        Tensor slopes = arcs.Gradient(saved.Batch, upstream, saved.FastEmit);
        Tensor flat = slopes.flatten(0, 2), before = slopes.matmul(valid.Weight) * (hidden * hidden).neg().add(Scalars.One, Scalars.One);
        Tensor[] gradients = [before.sum([2L]), before.sum([1L]), flat.t().matmul(hidden.flatten(0, 2))];
        return output.Bias is null ? gradients : [.. gradients, flat.sum([0L])];
    }

    // Some frames of one utterance, without padding.
    private readonly record struct Chunk(int Utterance, int Start, int Frames, int Columns)
    {
        public Tensor FramesOf(Tensor states) => states.select(0, Utterance).narrow(0, Start, Frames);

        public Tensor PredictionsOf(Tensor states) => states.select(0, Utterance).narrow(0, 0, Columns);

        public (Tensor Hidden, Tensor Logits) Join(TransducerOutput output)
        {
            Tensor hidden = FramesOf(output.Frames).unsqueeze(1).Plus(PredictionsOf(output.Predictions).unsqueeze(0)).tanh_();
            return (hidden, torch.nn.functional.linear(hidden, output.Weight, output.Bias));
        }

        // One frame, counted from the start of the chunk.
        public PlaceRows Rows(Batch batch, int frame) => new(batch, Utterance, Start + frame, 1, Columns, (long)frame * Columns);
    }

    /// <inheritdoc/>
    internal sealed class Saved(Batch batch, TransducerOutput output, double fastEmit, long bytesOfChunk) : SavedInputs
    {
        private readonly bool hasBias = output.Bias is not null;

        /// <summary>Gets targets and lengths.</summary>
        public Batch Batch => batch;

        /// <summary>Gets the inputs. Valid in the forward pass only.</summary>
        public TransducerOutput Output => output;

        /// <summary>Gets FastEmit's λ.</summary>
        public double FastEmit => fastEmit;

        /// <summary>Gets the memory of the logits of a chunk.</summary>
        public long BytesOfChunk => bytesOfChunk;

        /// <summary>Gets or sets the posterior. Valid in the forward pass only.</summary>
        public IReadOnlyList<Tensor> Tables { get; set; } = [];

        /// <summary>Gets the inputs of the node. Valid in the forward pass only.</summary>
        public Tensor[] Inputs => InputsOf(output);

        /// <inheritdoc/>
        public override List<Tensor> Pack(Tensor input)
        {
            Shapes = [.. Inputs.Select(own => own.shape)];
            return [.. Inputs, .. Tables];
        }

        /// <summary>Rebuilds the output from the tensors that autograd saved, which are new handles for each backward pass.</summary>
        /// <param name="saved">In the order of <see cref="Pack"/>.</param>
        public TransducerOutput Rebuild(List<Tensor> saved) => new(saved[0], saved[1], saved[2], hasBias ? saved[3] : null);

        /// <summary>Lists the tensors of an output in the order of the inputs.</summary>
        public Tensor[] InputsOf(TransducerOutput own) => hasBias
            ? [own.Frames, own.Predictions, own.Weight, own.Bias!]
            : [own.Frames, own.Predictions, own.Weight];
    }
}

using System.Numerics;
using Ctc.Engine.Decoding;
using TorchSharp.Modules;

namespace Ctc.Engine.Transducers;

/// <summary>The prediction and joint networks in managed memory, for one token after the other. In double precision, for several threads.</summary>
internal sealed class PredictionNetwork
{
    private readonly double[] inputs; // [V, 4H] what a token adds to the gates, biases included
    private readonly double[] recurrent; // [4H, H]
    private readonly double[] projection, projectionBias; // [J, H] and [J]
    private readonly double[] output, outputBias; // [V, J] and [V]
    private readonly int hidden;

    private PredictionNetwork(
        double[] inputs, double[] recurrent, double[] projection, double[] projectionBias, double[] output, double[] outputBias, int hidden)
    {
        (this.inputs, this.recurrent, this.hidden) = (inputs, recurrent, hidden);
        (this.projection, this.projectionBias) = (projection, projectionBias);
        (this.output, this.outputBias) = (output, outputBias);
    }

    /// <summary>Gets V.</summary>
    public int Tokens => outputBias.Length;

    /// <summary>Gets J.</summary>
    public int Width => projectionBias.Length;

    /// <summary>Copies the weights.</summary>
    public static PredictionNetwork FromWeights(Embedding embedding, LSTM lstm, Linear projection, Linear output)
    {
        Dictionary<string, Parameter> gates = lstm.named_parameters().ToDictionary(weight => weight.name, weight => weight.parameter);
        Tensor recurrent = gates["weight_hh_l0"];
        Tensor inputs = torch.nn.functional
            .linear(embedding.weight!.to(torch.float64), gates["weight_ih_l0"].to(torch.float64), gates["bias_ih_l0"].to(torch.float64))
            .Plus(gates["bias_hh_l0"].to(torch.float64));
        return new PredictionNetwork(
            Numbers(inputs),
            Numbers(recurrent),
            Numbers(projection.weight!),
            Numbers(projection.bias!),
            Numbers(output.weight!),
            Numbers(output.bias!),
            (int)recurrent.shape[1]);
    }

    /// <summary>Copies a tensor of any floating type and device.</summary>
    public static double[] Numbers(Tensor tensor) =>
        tensor.numel() == 0 ? [] : tensor.detach().to(torch.float64).cpu().contiguous().data<double>().ToArray();

    /// <summary>Computes the state after one more token. The blank is the token before the first.</summary>
    /// <param name="before">Null before the first.</param>
    /// <param name="token">The token.</param>
    public PredictionState Advance(PredictionState? before, long token)
    {
        var gates = inputs.AsSpan((int)token * 4 * hidden, 4 * hidden).ToArray();
        (double[] state, double[] cell) = (new double[hidden], new double[hidden]);
        if (before is not null) AddProducts(recurrent, before.Hidden, gates);
        for (int i = 0; i < hidden; i++)
        {
            // The order of torch: input, forget, cell, output.
            double kept = before is null ? 0 : Sigmoid(gates[hidden + i]) * before.Cell[i];
            cell[i] = kept + (Sigmoid(gates[i]) * Math.Tanh(gates[(2 * hidden) + i]));
            state[i] = Sigmoid(gates[(3 * hidden) + i]) * Math.Tanh(cell[i]);
        }

        double[] joined = [.. projectionBias];
        AddProducts(projection, state, joined);
        return new PredictionState(joined, state, cell);
    }

    /// <summary>Computes the log-probabilities of the tokens.</summary>
    /// <param name="frame">J numbers of the encoder.</param>
    /// <param name="state">The state after some tokens.</param>
    /// <param name="logProbs">Receives V numbers.</param>
    public void Join(ReadOnlySpan<double> frame, PredictionState state, double[] logProbs)
    {
        Span<double> sum = new double[Width];
        for (int i = 0; i < sum.Length; i++) sum[i] = Math.Tanh(frame[i] + state.Joined[i]);
        outputBias.CopyTo(logProbs, 0);
        AddProducts(output, sum, logProbs);
        double most = logProbs.Max(), total = 0;
        foreach (double logit in logProbs) total += Math.Exp(logit - most);
        double normaliser = most + Math.Log(total);
        for (int v = 0; v < logProbs.Length; v++) logProbs[v] -= normaliser;
    }

    // to += matrix · vector
    private static void AddProducts(double[] matrix, ReadOnlySpan<double> vector, double[] to)
    {
        for (int row = 0; row < to.Length; row++) to[row] += Product(matrix.AsSpan(row * vector.Length, vector.Length), vector);
    }

    private static double Product(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        int i = 0, lanes = Vector<double>.Count;
        Vector<double> sums = Vector<double>.Zero;
        for (; i <= x.Length - lanes; i += lanes) sums += new Vector<double>(x[i..]) * new Vector<double>(y[i..]);
        double sum = Vector.Sum(sums);
        for (; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}

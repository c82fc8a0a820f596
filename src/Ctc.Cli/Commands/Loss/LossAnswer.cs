using System.Runtime.InteropServices;
using System.Text.Json;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;

namespace Ctc.Cli.Commands.Loss;

/// <summary>Writes the requested outputs as one JSON object, in the order of the request.</summary>
internal sealed class LossAnswer(LossRequest request, LossEvaluation evaluation, Utf8JsonWriter writer)
{
    private BatchEvaluation Lattice => evaluation.Inspection;

    public void Write()
    {
        writer.WriteStartObject();
        foreach (LossOutput output in request.Outputs)
        {
            writer.WritePropertyName(KebabCase.From(output));
            Write(output);
        }

        writer.WriteEndObject();
    }

    private void Write(LossOutput output)
    {
        switch (output)
        {
            case LossOutput.Loss: WriteNumbers(evaluation.Loss); break;
            case LossOutput.Reduced when evaluation.Reduced is { } reduced: WriteNumbers(reduced); break;
            case LossOutput.Reduced: writer.WriteNullValue(); break;
            case LossOutput.LogLikelihood: WriteNumbers(Lattice.LogLikelihood); break;
            case LossOutput.Gradient: WriteFrames(evaluation.Gradient()); break;
            case LossOutput.Occupancy: WriteFrames(Lattice.Occupancy); break;
            case LossOutput.Target: WriteFrames(Lattice.Targets.Shares); break;
            case LossOutput.Viterbi: WritePaths(Lattice.ViterbiPath); break;
            case LossOutput.States: WritePaths(Lattice.ViterbiStates); break;
            case LossOutput.ViterbiScore: WriteNumbers(Lattice.ViterbiScore); break;
            case LossOutput.Entropy: WriteNumbers(Lattice.Entropy); break;
            case LossOutput.Infeasible: WriteWholes([.. Lattice.Infeasible.Select(position => (long)position)]); break;
            case LossOutput.Parameters: WriteParameters(); break;
            default: throw new ArgumentOutOfRangeException(nameof(output));
        }
    }

    private void WriteFrames(Tensor values)
    {
        Tensor valid = evaluation.Valid(values);
        WriteNumbers(request.Layout == TensorLayout.TimeMajor ? valid : valid.transpose(0, 1));
    }

    private void WriteNumbers(Tensor values)
    {
        values = values.contiguous();
        ReadOnlySpan<byte> bytes = values.bytes;
        if (request.Precision == Precision.Float64) WriteNest(MemoryMarshal.Cast<byte, double>(bytes), values.shape, WriteNumber);
        else WriteNest(MemoryMarshal.Cast<byte, float>(bytes), values.shape, WriteNumber);
    }

    private void WriteNest<T>(ReadOnlySpan<T> numbers, ReadOnlySpan<long> shape, Action<T> write)
    {
        if (shape.Length == 0)
        {
            write(numbers[0]);
            return;
        }

        writer.WriteStartArray();
        int count = (int)shape[0], inner = count == 0 ? 0 : numbers.Length / count;
        for (int i = 0; i < count; i++) WriteNest(numbers.Slice(i * inner, inner), shape[1..], write);
        writer.WriteEndArray();
    }

    private void WriteNumber(double number)
    {
        if (double.IsFinite(number)) writer.WriteNumberValue(number + 0.0); // no −0
        else writer.WriteStringValue(NotFinite(number));
    }

    private void WriteNumber(float number)
    {
        if (float.IsFinite(number)) writer.WriteNumberValue(number + 0f);
        else writer.WriteStringValue(NotFinite(number));
    }

    private static string NotFinite(double number) => double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";

    private void WriteParameters()
    {
        writer.WriteStartObject();
        foreach ((string name, Tensor gradient) in evaluation.ParameterGradients())
        {
            writer.WritePropertyName(name);
            WriteNumbers(gradient.to(request.Precision == Precision.Float64 ? torch.ScalarType.Float64 : torch.ScalarType.Float32));
        }

        writer.WriteEndObject();
    }

    // [T, B] tokens or states.
    private void WritePaths(Tensor path)
    {
        Tensor aligned = Lattice.ViterbiScore > double.NegativeInfinity; // [B], and not NaN
        Tensor byUtterance = path.transpose(0, 1).contiguous(); // [B, T]
        ReadOnlySpan<bool> hasPath = MemoryMarshal.Cast<byte, bool>(aligned.bytes);
        ReadOnlySpan<long> paths = MemoryMarshal.Cast<byte, long>(byUtterance.bytes);
        writer.WriteStartArray();
        for (int b = 0; b < hasPath.Length; b++)
        {
            if (hasPath[b]) WriteWholes(paths.Slice(b * request.Frames, (int)request.Batch.Frames[b]));
            else writer.WriteNullValue();
        }

        writer.WriteEndArray();
    }

    private void WriteWholes(ReadOnlySpan<long> numbers)
    {
        writer.WriteStartArray();
        foreach (long number in numbers) writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}

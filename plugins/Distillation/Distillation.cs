using System.ComponentModel.DataAnnotations;
using System.IO.MemoryMappedFiles;
using System.Text.Json;
using Ctc;

namespace Distillation;

/// <summary>Options of <c>distillation</c>.</summary>
public sealed record DistillationOptions
{
    /// <summary>Gets the file with the teacher's log-probabilities of each training utterance, as <c>ctc posteriors</c> writes it.</summary>
    /// <value>A file; ~ is a teacher for which all tokens are equally probable in every frame.</value>
    [DataFile]
    public required string? Teacher { get; init; }

    /// <summary>Gets the weight of the divergence from the teacher.</summary>
    /// <value>Unitless, 0 to 100; the default is 0.1. 0 is plain CTC.</value>
    [Range(0.0, 100.0)]
    public Schedule Weight { get; init; } = 0.1;

    /// <summary>Gets the temperature by which the logits of both models are divided.</summary>
    /// <value>Unitless, 0.1 to 100; the default is 1. Above 1 the unlikely tokens count more.</value>
    [Range(0.1, 100.0)]
    public Schedule Temperature { get; init; } = 1.0;
}

/// <summary>Adds the divergence from the output of another, trained model in each frame.</summary>
[Part(
    "distillation",
    typeof(DistillationOptions),
    Summary = "Pulls each frame towards the output of a teacher, a model that is trained already.",
    Formula = "L + w τ² Σ_t KL(softmax(z_teacher/τ)‖softmax(z/τ))",
    Paper = "Hinton, Vinyals and Dean, Distilling the Knowledge in a Neural Network, 2015, arXiv 1503.02531",
    Neutral = "weight: 0",
    Example = "teacher: ~")]
internal sealed class Distillation(DistillationOptions options) : IAuxiliaryTerm, IDisposable
{
    private static readonly Scalar Zero = 0.0, One = 1;

    private readonly Lazy<TeacherFile?> teacher = new(() => options.Teacher is { } file ? new TeacherFile(file) : null);

    public Tensor Evaluate(Evaluation evaluation)
    {
        Batch batch = evaluation.Batch;
        double weight = options.Weight.At(batch.Progress), temperature = options.Temperature.At(batch.Progress);
        if (weight == 0) return torch.zeros_like(evaluation.Loss);

        Tensor given = torch.zeros_like(evaluation.LogProbs, requires_grad: false);
        for (int b = 0; b < batch.Size && teacher.Value is { } file; b++)
        {
            using Tensor rows = given.narrow(0, 0, batch.Frames[b]).select(1, b);
            rows.copy_(file.LogProbs(batch.Ids[b], batch.Frames[b], batch.Tokens));
        }

        using Scalar tau = temperature, factor = weight * temperature * temperature;
        Tensor wanted = (given / tau).log_softmax(2), found = (evaluation.LogProbs / tau).log_softmax(2);
        return evaluation.SumFrames(Divergence(wanted, found)) * factor;
    }

    // [T, B] Σ_v q (ln q − ln p) = Σ_v q (e^−d − 1 + d) with d = ln q − ln p, where nothing cancels if p is near q, as it is at a high temperature.
    private static Tensor Divergence(Tensor wanted, Tensor found)
    {
        Tensor q = wanted.exp(), never = q.eq(Zero);
        Tensor d = (wanted - found).masked_fill(never, Zero);
        return torch.where(never, found.exp(), q * d.neg().expm1().add(d, One)).sum(-1);
    }

    public void Dispose()
    {
        if (teacher.IsValueCreated) teacher.Value?.Dispose();
    }
}

/// <summary>Log-probabilities by utterance, in a memory-mapped file of the format safetensors.</summary>
internal sealed class TeacherFile : IDisposable
{
    private readonly string path;
    private readonly Dictionary<string, (long[] Shape, long Start)> places = [];
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor bytes;

    public TeacherFile(string path)
    {
        this.path = path;
        try
        {
            using FileStream header = File.OpenRead(path);
            var length = new byte[sizeof(long)];
            header.ReadExactly(length);
            var text = new byte[checked((int)BitConverter.ToInt64(length))];
            header.ReadExactly(text);
            using JsonDocument tensors = JsonDocument.Parse(text);
            foreach (JsonProperty tensor in tensors.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
            {
                long[] shape = Numbers(tensor.Value, "shape"), ends = Numbers(tensor.Value, "data_offsets");
                bool fits = shape.Length == 2 && ends.Length == 2 && tensor.Value.GetProperty("dtype").GetString() == "F32"
                    && ends[0] >= 0 && ends[1] - ends[0] == shape[0] * shape[1] * sizeof(float) && header.Position + ends[1] <= header.Length;
                places[tensor.Name] =
                    fits ? (shape, header.Position + ends[0]) : throw new JsonException($"its tensor {tensor.Name} is none of [N, V] F32");
            }
        }
        catch (Exception fault) when (
            fault is JsonException or EndOfStreamException or OverflowException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} is no file of posteriors ({fault.Message}); expected one that ctc posteriors wrote.", fault);
        }

        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        bytes = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

    /// <summary>Reads the numbers of an utterance: [frames, tokens].</summary>
    public Tensor LogProbs(string id, long frames, long tokens)
    {
        if (!places.TryGetValue(id, out (long[] Shape, long Start) place))
        {
            throw new InvalidDataException($"{path} has no posteriors of utterance {id}; expected those of every training utterance.");
        }

        if (!place.Shape.SequenceEqual([frames, tokens]))
        {
            throw new InvalidDataException(
                $"{path} has posteriors of {place.Shape[0]} frames and {place.Shape[1]} tokens of utterance {id}; expected {frames} frames and " +
                $"{tokens} tokens, as the model gives them.");
        }

        var numbers = new float[frames * tokens];
        if (numbers.Length > 0) bytes.ReadArray(place.Start, numbers, 0, numbers.Length);
        return torch.tensor(numbers, place.Shape);
    }

    public void Dispose()
    {
        bytes.Dispose();
        file.Dispose();
    }

    private static long[] Numbers(JsonElement tensor, string name) =>
        [.. tensor.GetProperty(name).EnumerateArray().Select(number => number.GetInt64())];
}

using System.Buffers;
using System.Text.Json;
using Ctc.Configuration;
using Ctc.Configuration.Json;
using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Loss;

/// <summary>
/// Computes losses, gradients and alignments of numbers in JSON, for comparison with other implementations. docs/loss.md describes
/// the format.
/// </summary>
/// <param name="catalog">The parts available to an objective.</param>
public sealed class LossRequests(PartCatalog catalog)
{
    /// <summary>Answers all requests of a text. An invalid request does not affect the others.</summary>
    /// <param name="text">UTF-8, with or without a byte order mark: JSON objects, separated by white space.</param>
    /// <param name="name">The name of the text in messages.</param>
    /// <param name="baseFolder">The folder that relative paths in an objective start from.</param>
    /// <returns>A line for each request, in order, computed on enumeration; a single error if the text is empty.</returns>
    public IEnumerable<LossLine> Answer(ReadOnlyMemory<byte> text, string name, string baseFolder) => Read(text, name, baseFolder).Select(Answer);

    /// <summary>Reads all requests of a text and computes nothing.</summary>
    /// <inheritdoc cref="Answer(ReadOnlyMemory{byte}, string, string)" path="/param"/>
    /// <returns>Each request, in order, read on enumeration; a single failure if the text is empty.</returns>
    internal IEnumerable<LossQuestion> Read(ReadOnlyMemory<byte> text, string name, string baseFolder)
    {
        bool any = false;
        foreach (JsonPiece piece in JsonPiece.Split(Utf8Text.WithoutMark(text)))
        {
            any = true;
            yield return Read(piece, name, baseFolder);
        }

        if (!any) yield return LossQuestion.Invalid(new InvalidDataException($"{name}: there is nothing; expected one or more JSON objects"));
    }

    /// <summary>Answers a request, and disposes it.</summary>
    internal static LossLine Answer(LossQuestion question)
    {
        using (question)
        {
            if (question.Failure is { } invalid) return Refusal(invalid);
            LossRequest request = question.Request!;
            try
            {
                return new LossLine(Compute(request), null) { Warning = request.Warning is { } warning ? $"{question.Place}: {warning}" : null };
            }
            catch (Exception failure)
            {
                return Refusal(failure);
            }
        }
    }

    /// <summary>Creates the line for a request that failed.</summary>
    /// <param name="failure">The reason.</param>
    /// <returns>A line with the key <c>error</c>.</returns>
    public static LossLine Refusal(Exception failure)
    {
        string sentence = failure is InvalidDataException or InfeasibleException ? failure.Message : RootCause.Describe(failure);
        return new LossLine(
            Line(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("error", string.Concat(sentence.Select(letter => char.IsControl(letter) ? ' ' : letter)));
                writer.WriteEndObject();
            }),
            failure);
    }

    private LossQuestion Read(JsonPiece piece, string name, string baseFolder)
    {
        JsonDocument? document = null;
        try
        {
            document = Parse(piece, name);
            LossRequest request = LossRequestReader.Parse(document.RootElement, catalog, baseFolder);
            return new LossQuestion { Document = document, Request = request, Place = $"{name}:{piece.Line}" };
        }
        catch (Exception failure)
        {
            document?.Dispose();
            return LossQuestion.Invalid(failure);
        }
    }

    private static ReadOnlyMemory<byte> Compute(LossRequest request)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var recording = torch.enable_grad();
        try
        {
            using Objective objective = request.Objective.Create(request.Recursion, LossRequestReader.MemoryLimit);
            Batch wholeTrainingSet = request.Batch;
            objective.Begin(new TrainingSet(wholeTrainingSet.Targets, wholeTrainingSet.Frames, wholeTrainingSet.Vocabulary));
            LearnedScores.Set(request.Parameters, objective);
            return Line(writer => new LossAnswer(request, new LossEvaluation(request, objective), writer).Write());
        }
        catch (Exception failure) when (failure is PluginException || failure.GetType() == typeof(ArgumentException))
        {
            // A topology rejects the batch, or a part rejects its options.
            // Without ArgumentException's suffix, which names a parameter of a method.
            string suffix = failure is ArgumentException { ParamName: { } parameter } ? $" (Parameter '{parameter}')" : "";
            throw new InvalidDataException($"objective: {failure.Message[..^suffix.Length]}", failure);
        }
        catch (LatticeTooLargeException failure)
        {
            string sentence = failure.Message.TrimEnd('.');
            throw new InvalidDataException($"inputs and targets: {char.ToLowerInvariant(sentence[0])}{sentence[1..]}", failure);
        }
        catch (NotSupportedException failure) when (request.Recursion == RecursionKind.Fused)
        {
            throw new InvalidDataException($"recursion: {failure.Message}", failure);
        }
    }

    private static JsonDocument Parse(JsonPiece piece, string name)
    {
        if (Utf8Text.FindFault(piece.Text) is { } wrong)
        {
            string position = $"{name}:{piece.Line + wrong.Line - 1}:{wrong.Column + (wrong.Line == 1 ? piece.Column - 1 : 0)}";
            throw new InvalidDataException($"{position}: found the byte 0x{wrong.Found:X2}; expected JSON in UTF-8");
        }

        try
        {
            return JsonDocument.Parse(piece.Text);
        }
        catch (JsonException fault)
        {
            long line = fault.LineNumber ?? 0, column = (fault.BytePositionInLine ?? 0) + (line == 0 ? piece.Column : 1);
            string found = fault.Message.Split(". ")[0].Split(" LineNumber:")[0].TrimEnd('.');
            if (found.StartsWith("Expected depth to be zero", StringComparison.Ordinal)) found = "a bracket is not closed";
            if (found.Length > 120) found = $"{found[..50]}…{found[^40..]}"; // it may quote the whole rest of the text
            found = char.ToLowerInvariant(found[0]) + found[1..];
            throw new InvalidDataException($"{name}:{piece.Line + line}:{column}: {found}; expected well-formed JSON", fault);
        }
    }

    private static ReadOnlyMemory<byte> Line(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonForm.Writer)) write(writer);
        return buffer.WrittenMemory;
    }
}

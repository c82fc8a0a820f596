using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ctc.Experiments.Files;
using Google.Protobuf;
using Tensorboard;

namespace Ctc.Experiments.Training;

/// <summary>
/// The metrics of a run as TensorBoard reads them: a record for each epoch, with a scalar for each number, by its key in <c>metrics.jsonl</c>.
/// </summary>
/// <remarks>
/// Records are framed as TFRecords: length, its checksum, the event, its checksum, the checksums being CRC-32C, turned by 15 bits and shifted. An
/// epoch is one record, so a file that is cut off between records never holds half an epoch. The file is only appended to, because TensorBoard
/// follows it as it grows.
/// </remarks>
internal sealed class EventFile(string path)
{
    private const int HeaderSize = sizeof(long) + sizeof(uint), FooterSize = sizeof(uint);

    /// <summary>Truncates the file to the finished epochs, and adds the missing ones.</summary>
    public void Resume(IReadOnlyList<EpochMetrics> epochs)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        (long end, long last) = WholeUpTo(epochs.Count);
        using (FileStream file = File.Open(path, FileMode.OpenOrCreate)) file.SetLength(end);
        if (end == 0) Append(new Event { FileVersion = "brain.Event:2" });
        foreach (EpochMetrics epoch in epochs.Skip((int)last)) Append(epoch);
    }

    /// <summary>Adds an epoch.</summary>
    public void Append(EpochMetrics epoch)
    {
        var summary = new Summary();
        JsonObject numbers = JsonSerializer.SerializeToNode(epoch, RunJson.Line)!.AsObject();
        numbers.Remove("epoch");
        numbers.Remove("dev_metrics");
        foreach ((string key, MetricValue metric) in epoch.DevMetrics ?? [])
        {
            numbers[$"dev_metrics/{key}"] = JsonSerializer.SerializeToNode(metric.Value, RunJson.Line);
        }

        numbers.Remove("head_losses");
        foreach ((string head, double loss) in epoch.HeadLosses ?? [])
        {
            numbers[$"head_losses/{head}"] = JsonSerializer.SerializeToNode(loss, RunJson.Line);
        }

        foreach ((string key, JsonNode? value) in numbers)
        {
            // NaN is a string in JSON: an unknown value has no scalar.
            if (value is JsonValue number && number.GetValueKind() == JsonValueKind.Number)
            {
                summary.Value.Add(new Summary.Types.Value { Tag = key, SimpleValue = (float)number.Deserialize<double>() });
            }
        }

        Append(new Event { Step = epoch.Epoch, Summary = summary });
    }

    private void Append(Event happened)
    {
        happened.WallTime = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        byte[] content = happened.ToByteArray();
        byte[] record = new byte[HeaderSize + content.Length + FooterSize];
        BinaryPrimitives.WriteInt64LittleEndian(record, content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(sizeof(long)), Checksum(record.AsSpan(0, sizeof(long))));
        content.CopyTo(record, HeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(HeaderSize + content.Length), Checksum(content));
        using FileStream file = File.Open(path, FileMode.Append);
        file.Write(record);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The end of the last complete record up to an epoch, and the epoch of that record.</summary>
    private (long End, long Epoch) WholeUpTo(long epoch)
    {
        byte[] bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        (int end, long last) = (0, 0);
        while (Content(bytes.AsSpan(end)) is { } content)
        {
            Event happened = Event.Parser.ParseFrom(content);
            if (happened.Step > epoch) break;
            end += HeaderSize + content.Length + FooterSize;
            last = happened.Step;
        }

        return (end, last);
    }

    // The content of the first record; null if the record is incomplete.
    private static byte[]? Content(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || Checksum(bytes[..sizeof(long)]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[sizeof(long)..]))
        {
            return null;
        }
        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (length < 0 || bytes.Length < HeaderSize + length + FooterSize) return null;
        ReadOnlySpan<byte> content = bytes.Slice(HeaderSize, (int)length);
        return Checksum(content) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[(HeaderSize + (int)length)..]) ? content.ToArray() : null;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte next in bytes) crc = BitOperations.Crc32C(crc, next);
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }
}

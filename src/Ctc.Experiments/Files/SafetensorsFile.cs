using System.Text.Json;

namespace Ctc.Experiments.Files;

/// <summary>A file of the format safetensors: tensors under names, and texts about them.</summary>
/// <remarks>
/// Format: 8 bytes with the length of the header, little-endian; the header, JSON with type, shape and place of each tensor, and with texts under
/// <c>__metadata__</c>; the numbers, little-endian, without gaps. Only the header is kept in memory.
/// </remarks>
internal sealed class SafetensorsFile
{
    /// <summary>The name that the format reserves for the texts.</summary>
    public const string MetadataName = "__metadata__";

    private const int MostHeader = 100_000_000; // bytes, as other readers have it
    private const string DataType = "dtype", Shape = "shape", Offsets = "data_offsets";

    private static readonly (string Name, torch.ScalarType Type)[] Types =
    [
        ("F32", torch.float32), ("F64", torch.float64), ("F16", torch.float16), ("BF16", torch.bfloat16), ("I64", torch.int64), ("I32", torch.int32),
        ("I16", torch.int16), ("I8", torch.int8), ("U8", torch.uint8), ("BOOL", torch.@bool),
    ];

    private readonly string path;
    private readonly Dictionary<string, Entry> tensors;

    private SafetensorsFile(string path, Dictionary<string, Entry> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        (this.path, this.tensors, Metadata) = (path, tensors, metadata);
    }

    /// <summary>Gets the texts.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Gets the names of the tensors, in the order of the file.</summary>
    public IEnumerable<string> Names => tensors.Keys;

    /// <summary>The shape of a tensor.</summary>
    public long[] ShapeOf(string name) => tensors[name].Shape;

    /// <summary>Reads the header of a file.</summary>
    /// <exception cref="InvalidDataException">It is something else, or is cut off.</exception>
    public static SafetensorsFile Open(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            Span<byte> size = stackalloc byte[sizeof(long)];
            file.ReadExactly(size);
            long length = BitConverter.ToInt64(size);
            bool isThere = length is >= 2 and <= MostHeader && length <= file.Length - file.Position;
            if (!isThere) throw new InvalidDataException($"its header has {length} bytes");
            var header = new byte[length];
            file.ReadExactly(header);
            using JsonDocument json = JsonDocument.Parse(header);
            var tensors = new Dictionary<string, Entry>();
            var metadata = new Dictionary<string, string>();
            foreach (JsonProperty property in json.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataName)
                {
                    foreach (JsonProperty text in property.Value.EnumerateObject()) metadata[text.Name] = text.Value.GetString() ?? "";
                }
                else if (!tensors.TryAdd(property.Name, Place(property, file.Position, file.Length)))
                {
                    throw new InvalidDataException($"it has two tensors {property.Name}");
                }
            }

            return new SafetensorsFile(path, tensors, metadata);
        }
        catch (Exception fault) when (
            fault is EndOfStreamException or InvalidDataException or JsonException or KeyNotFoundException or InvalidOperationException
                or FormatException or OverflowException)
        {
            throw new InvalidDataException($"{path} is no file of safetensors: {fault.Message.TrimEnd('.')}; expected one that is whole.", fault);
        }
    }

    /// <summary>Reads a tensor into the memory of the CPU. It belongs to the caller's dispose scope.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public Tensor Load(string name)
    {
        Entry entry = tensors[name];
        Tensor tensor = torch.zeros(entry.Shape, entry.Type);
        using FileStream file = File.OpenRead(path);
        file.Position = entry.Start;
        if (tensor.numel() > 0) file.ReadExactly(tensor.bytes);
        return tensor;
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">A path in an existing folder.</param>
    /// <param name="metadata">The texts.</param>
    /// <param name="tensors">Name, type and shape of each tensor.</param>
    /// <param name="write">Writes the numbers of all tensors, one after the other.</param>
    public static void Write(
        string path,
        IReadOnlyDictionary<string, string> metadata,
        IReadOnlyList<(string Name, torch.ScalarType Type, long[] Shape)> tensors,
        Action<Stream> write)
    {
        byte[] header = Header(metadata, tensors);
        WholeFile.Write(path, file =>
        {
            file.Write(BitConverter.GetBytes(header.LongLength));
            file.Write(header);
            write(file);
        });
    }

    // Padded with spaces, so that the numbers start at a multiple of 8 bytes.
    private static byte[] Header(
        IReadOnlyDictionary<string, string> metadata, IReadOnlyList<(string Name, torch.ScalarType Type, long[] Shape)> tensors)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataName);
            foreach ((string name, string value) in metadata) json.WriteString(name, value);
            json.WriteEndObject();
            long start = 0;
            foreach ((string name, torch.ScalarType type, long[] shape) in tensors)
            {
                long end = start + Size(type, shape);
                json.WriteStartObject(name);
                json.WriteString(DataType, Types.Single(known => known.Type == type).Name);
                WriteNumbers(json, Shape, shape);
                WriteNumbers(json, Offsets, [start, end]);
                json.WriteEndObject();
                start = end;
            }

            json.WriteEndObject();
        }

        while (text.Length % 8 != 0) text.WriteByte((byte)' ');
        return text.ToArray();
    }

    private static Entry Place(JsonProperty tensor, long begin, long end)
    {
        string name = tensor.Value.GetProperty(DataType).GetString() ?? "";
        (string known, torch.ScalarType type) = Types.FirstOrDefault(known => known.Name == name);
        if (known is null) throw new InvalidDataException($"its tensor {tensor.Name} has the type {name}");
        long[] shape = Numbers(tensor.Value, Shape), place = Numbers(tensor.Value, Offsets);
        bool fits = shape.All(size => size >= 0) && place is [>= 0, _] && place[1] - place[0] == Size(type, shape) && place[1] <= end - begin;
        return fits
            ? new Entry(type, shape, begin + place[0])
            : throw new InvalidDataException($"its tensor {tensor.Name} is not where its shape and the length of the file allow");
    }

    private static long Size(torch.ScalarType type, long[] shape) => checked(shape.Aggregate((long)type.ElementSize(), (size, side) => size * side));

    private static long[] Numbers(JsonElement tensor, string name) =>
        [.. tensor.GetProperty(name).EnumerateArray().Select(number => number.GetInt64())];

    private static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private sealed record Entry(torch.ScalarType Type, long[] Shape, long Start);
}

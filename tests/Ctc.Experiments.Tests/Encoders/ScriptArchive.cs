using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Ctc.Experiments.Tests.Encoders;

/// <summary>
/// Writes the file that <c>torch.jit.save</c> writes for a module with parameters of float32, from the module's code: libtorch can save only modules
/// that it has loaded, or that Python made.
/// </summary>
/// <remarks>A zip archive: the code as text, a pickle of the module, and a file of numbers for each parameter.</remarks>
internal static class ScriptArchive
{
    public static void Write(string path, string forward, params (string Name, long[] Shape, float[] Values)[] parameters)
    {
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create);
        Add(archive, "data.pkl", Pickle(parameters));
        Add(archive, "code/__torch__.py", Encoding.UTF8.GetBytes(Code(forward, parameters.Select(parameter => parameter.Name))));
        Add(archive, "constants.pkl", [0x80, 2, (byte)')', (byte)'.']);
        Add(archive, "version", "3\n"u8.ToArray());
        foreach ((int i, (_, _, float[] values)) in parameters.Index())
        {
            Add(archive, $"data/{i}", MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        }
    }

    private static string Code(string forward, IEnumerable<string> names) =>
        $"class M(Module):\n  __parameters__ = [{string.Concat(names.Select(name => $"\"{name}\", "))}]\n  __buffers__ = []\n" +
        string.Concat(names.Select(name => $"  {name} : Tensor\n")) +
        "  training : bool\n" +
        string.Join("\n", forward.Split('\n').Select(line => $"  {line}")) + "\n";

    private static byte[] Pickle((string Name, long[] Shape, float[] Values)[] parameters)
    {
        var pickle = new List<byte>([0x80, 2, .. "c__torch__\nM\n)"u8, 0x81, .. "}("u8]);
        foreach ((int i, (string name, long[] shape, float[] values)) in parameters.Index())
        {
            pickle.AddRange([.. Text(name), .. "ctorch._utils\n_rebuild_tensor_v2\n(("u8, .. Text("storage"), .. "ctorch\nFloatStorage\n"u8]);
            pickle.AddRange([.. Text($"{i}"), .. Text("cpu"), .. Number(values.Length), .. "tQ"u8, .. Number(0)]);
            pickle.AddRange([.. Tuple(shape), .. Tuple(Strides(shape)), 0x88, .. "ccollections\nOrderedDict\n)RtR"u8]); // requires a gradient
        }

        pickle.AddRange([.. Text("training"), 0x88, .. "ub."u8]);
        return [.. pickle];
    }

    private static byte[] Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text), opcode = [(byte)'X', 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(opcode.AsSpan(1), bytes.Length);
        return [.. opcode, .. bytes];
    }

    private static byte[] Number(long number)
    {
        byte[] opcode = [(byte)'J', 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(opcode.AsSpan(1), (int)number);
        return opcode;
    }

    private static byte[] Tuple(long[] numbers) => [(byte)'(', .. numbers.SelectMany(Number), (byte)'t'];

    private static long[] Strides(long[] shape) =>
        [.. Enumerable.Range(1, shape.Length).Select(from => shape[from..].Aggregate(1L, (product, size) => product * size))];

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        ZipArchiveEntry entry = archive.CreateEntry($"model/{name}", CompressionLevel.NoCompression);
        entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero); // The same module gives the same bytes.
        using Stream written = entry.Open();
        written.Write(content);
    }
}

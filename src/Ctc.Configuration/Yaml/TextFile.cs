using System.Text;

namespace Ctc.Configuration.Yaml;

/// <summary>Reads a file that must be UTF-8, with or without a byte order mark.</summary>
internal static class TextFile
{
    public static string Read(string path)
    {
        if (Directory.Exists(path)) throw new ConfigurationException(new YamlLocation(path), "found a folder; expected a YAML file");
        if (!File.Exists(path)) throw new ConfigurationException(new YamlLocation(path), "there is no such file; expected a YAML file");

        try
        {
            return Decode(File.ReadAllBytes(path), path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            string reason = fault.Message.TrimEnd('.');
            throw new ConfigurationException(new YamlLocation(path), $"the file cannot be read ({reason}); expected a YAML file", fault);
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];

        (int line, int column) = (1, 1);
        for (int i = 0; i < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes[i..], out Rune rune, out int length) != System.Buffers.OperationStatus.Done)
            {
                throw new ConfigurationException(new YamlLocation(path, line, column), $"found the byte 0x{bytes[i]:X2}; expected text in UTF-8");
            }

            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + rune.Utf16SequenceLength);
            i += length;
        }

        return Encoding.UTF8.GetString(bytes);
    }
}

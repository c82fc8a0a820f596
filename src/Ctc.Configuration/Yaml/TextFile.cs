using System.Text;
using Ctc.Hosting;

namespace Ctc.Configuration.Yaml;

/// <summary>Loads a file that must be UTF-8, with or without a byte order mark.</summary>
internal static class TextFile
{
    public static string Load(string path)
    {
        if (Directory.Exists(path)) throw new ConfigurationException(new YamlLocation(path), "found a folder; expected a YAML file");
        if (!File.Exists(path)) throw new ConfigurationException(new YamlLocation(path), "there is no such file; expected a YAML file");
        if (RegularFile.IsHollow(path))
        {
            throw new ConfigurationException(new YamlLocation(path, 1, 1), "there is nothing; expected a mapping in a regular file");
        }

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

    private static string Decode(byte[] bytes, string path) => Utf8Text.FindFault(bytes) is { } fault
        ? throw new ConfigurationException(
            new YamlLocation(path, fault.Line, fault.Column), $"found the byte 0x{fault.Found:X2}; expected text in UTF-8")
        : Encoding.UTF8.GetString(Utf8Text.WithoutMark(bytes).Span);
}

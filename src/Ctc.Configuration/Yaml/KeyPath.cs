using System.Text.RegularExpressions;

namespace Ctc.Configuration.Yaml;

/// <summary>Paths such as <c>a.b</c>: keys joined by dots. A key that has dots itself is in quotes: <c>a."b.c".d</c>.</summary>
internal static partial class KeyPath
{
    /// <summary>Splits a path into its keys.</summary>
    /// <exception cref="ConfigurationException">A key is empty, or a quote is not closed.</exception>
    public static string[] Split(string path, YamlLocation location)
    {
        List<string> keys = [];
        bool more = true;
        for (int at = 0; more;)
        {
            Match key = Key().Match(path, at);
            if (!key.Success)
            {
                throw new ConfigurationException(location, $"the key is '{YamlScalar.Shown(path)}'; expected names joined by dots");
            }

            keys.Add(key.Groups["key"].Value);
            more = key.Groups["dot"].Length > 0;
            at += key.Length;
        }

        return [.. keys];
    }

    /// <summary>Joins keys to the path that <see cref="Split"/> splits.</summary>
    public static string Join(IEnumerable<string> keys) => string.Join('.', keys.Select(key => key.Contains('.') ? $"\"{key}\"" : key));

    [GeneratedRegex("""\G\s*(?:"(?<key>[^"]+)"|'(?<key>[^']+)'|(?<key>[^."'\s](?:[^."']*[^."'\s])?))\s*(?:(?<dot>\.)|\z)""")]
    private static partial Regex Key();
}

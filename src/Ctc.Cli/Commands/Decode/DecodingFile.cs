using Ctc.Cli.Processes;
using Ctc.Experiments.Decoding;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Decode;

/// <summary>The file of the option <c>--decoding</c>.</summary>
internal static class DecodingFile
{
    /// <summary>Loads the parts that a file names.</summary>
    /// <param name="file">A path as on the command line; relative paths in the file start in its folder.</param>
    /// <param name="parts">The parts available by name.</param>
    public static DecodingChoice Load(string file, PartCatalog parts)
    {
        string path = StartFolder.Resolve(file);
        if (!File.Exists(path)) throw new InvalidDataException($"{file}: there is no such file; expected a YAML file of decoding.");
        return DecodingChoice.Parse(File.ReadAllText(path), file, Path.GetDirectoryName(path)!, parts);
    }
}

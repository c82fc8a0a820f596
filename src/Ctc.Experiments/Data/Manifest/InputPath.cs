using Ctc.Configuration.Identity;
using Ctc.Hosting;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>Finds the input of a line.</summary>
internal static class InputPath
{
    /// <summary>Finds an input.</summary>
    /// <param name="noun">What it is, in messages: image or recording.</param>
    /// <param name="written">Its path as it is written.</param>
    /// <param name="folder">The folder in which a relative path starts.</param>
    /// <returns>An absolute path of a file with content.</returns>
    /// <exception cref="InvalidDataException">There is none; the message begins with what was found.</exception>
    public static string Find(string noun, string written, string folder)
    {
        string one = noun[0] == 'i' ? $"an {noun}" : $"a {noun}";
        if (written.Length == 0 || written.Contains('\0', StringComparison.Ordinal))
        {
            throw new InvalidDataException($"there is no path of {one}; expected one");
        }

        string path = Path.GetFullPath(written, folder);
        if (FileStamp.FindContent(path) is not null) return path;
        if (Directory.Exists(path)) throw new InvalidDataException($"the {noun} is {written}; expected a file, but {path} is a folder");
        if (!File.Exists(path)) throw new InvalidDataException($"the {noun} is {written}; expected a file, but {path} does not exist");
        if (!RegularFile.IsHollow(path)) return path;
        throw new InvalidDataException($"the {noun} is {written}; expected {one}, but {path} is empty, or a pipe or a device");
    }

    /// <summary>Finds an input, and says where it is named if there is none.</summary>
    /// <inheritdoc cref="Find(string, string, string)"/>
    /// <param name="where">The place, as messages begin.</param>
    /// <param name="noun">What it is, in messages: image or recording.</param>
    /// <param name="written">Its path as it is written.</param>
    /// <param name="folder">The folder in which a relative path starts.</param>
    public static string Find(string where, string noun, string written, string folder)
    {
        try
        {
            return Find(noun, written, folder);
        }
        catch (InvalidDataException wrong)
        {
            throw new InvalidDataException($"{where}: {wrong.Message}.", wrong);
        }
    }
}

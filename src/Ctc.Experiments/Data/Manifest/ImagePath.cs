using Ctc.Configuration.Identity;
using Ctc.Hosting;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>Finds the image of a line.</summary>
internal static class ImagePath
{
    /// <summary>Finds an image.</summary>
    /// <param name="image">Its path as it is written.</param>
    /// <param name="folder">The folder in which a relative path starts.</param>
    /// <returns>An absolute path of a file with content.</returns>
    /// <exception cref="InvalidDataException">There is none; the message begins with what was found.</exception>
    public static string Find(string image, string folder)
    {
        if (image.Length == 0 || image.Contains('\0', StringComparison.Ordinal))
        {
            throw new InvalidDataException("there is no path of an image; expected one");
        }

        string path = Path.GetFullPath(image, folder);
        if (FileStamp.FindContent(path) is not null) return path;
        if (Directory.Exists(path)) throw new InvalidDataException($"the image is {image}; expected a file, but {path} is a folder");
        if (!File.Exists(path)) throw new InvalidDataException($"the image is {image}; expected a file, but {path} does not exist");
        if (!RegularFile.IsHollow(path)) return path;
        throw new InvalidDataException($"the image is {image}; expected an image, but {path} is empty, or a pipe or a device");
    }

    /// <summary>Finds an image, and says where it is named if there is none.</summary>
    /// <inheritdoc cref="Find(string, string)"/>
    /// <param name="where">The place, as messages begin.</param>
    /// <param name="image">Its path as it is written.</param>
    /// <param name="folder">The folder in which a relative path starts.</param>
    public static string Find(string where, string image, string folder)
    {
        try
        {
            return Find(image, folder);
        }
        catch (InvalidDataException wrong)
        {
            throw new InvalidDataException($"{where}: {wrong.Message}.", wrong);
        }
    }
}

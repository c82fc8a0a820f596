using System.Collections.Concurrent;

namespace Ctc.Experiments.Data.Common;

/// <summary>Decoded pages, kept while memory allows: their lines are cut one after the other, by several threads.</summary>
internal sealed class PageImages
{
    private const long MaxPixels = 1 << 26; // more than A4 at 800 dots an inch

    private readonly ConcurrentDictionary<(string File, int? Page), WeakReference<GreyImage>> decoded = new();

    /// <summary>Finds the page of a line, or decodes it.</summary>
    /// <exception cref="InvalidDataException">As from <see cref="ImageFile.Decode(string, int?, long)"/>.</exception>
    public GreyImage Find(ImagePart part)
    {
        WeakReference<GreyImage> page = decoded.GetOrAdd((part.File, part.Page), _ => new WeakReference<GreyImage>(null!));
        lock (page)
        {
            if (page.TryGetTarget(out GreyImage? known)) return known;
            GreyImage image = ImageFile.Decode(part.File, part.Page, MaxPixels);
            page.SetTarget(image);
            return image;
        }
    }
}

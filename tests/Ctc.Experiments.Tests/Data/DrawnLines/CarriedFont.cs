using Ctc.Experiments.Tests.Data.Digits;

namespace Ctc.Experiments.Tests.Data.DrawnLines;

/// <summary>The font that comes with the repository, as a file.</summary>
internal static class CarriedFont
{
    public static string File { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(RealDigits.File)!, "..", "fonts", "DejaVuSans.ttf"));
}

using System.CommandLine;
using System.Globalization;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Data.Cache;
using Ctc.Experiments.Texts;

namespace Ctc.Cli.Commands.Cache;

/// <summary><c>ctc cache clear</c>: deletes what is kept of images and parts.</summary>
internal static class CacheCommand
{
    public static Command Build()
    {
        var clear = new Command(
            "clear", "Deletes the cache. The next run on images computes their features again, and the next listing creates the parts.");
        clear.SetAction(_ =>
        {
            if (CacheFolder.Find() is not { } folder)
            {
                Output.WriteLine($"There is no cache ({CacheFolder.Variable} is none).");
                return ExitCode.Done;
            }

            (int Files, long Bytes) deleted = FeatureCache.Clear(folder);
            if (Directory.Exists(folder))
            {
                File.Delete(CacheFolder.DigestsIn(folder));
                File.Delete(CacheFolder.PartsIn(folder));
            }

            Output.WriteLine($"Deleted {Size(deleted)} in {Printable.Line(folder)}.");
            return ExitCode.Done;
        });
        return new Command("cache", "The cache of features of images; ctc doctor shows its place and size.") { clear };
    }

    /// <summary>The number of files and their size, for a reader.</summary>
    public static string Size((int Files, long Bytes) size)
    {
        string bytes = string.Create(CultureInfo.InvariantCulture, $"{size.Bytes / 1e6:f1} MB");
        return size.Files == 1 ? $"1 file, {bytes}" : $"{size.Files} files, {bytes}";
    }
}

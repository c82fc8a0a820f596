using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Fonts;

namespace Ctc.Experiments.Data.DrawnLines;

/// <summary>Lines of symbols or words drawn from fonts. The position of each is known.</summary>
[Part("drawn-lines", typeof(DrawnLinesOptions),
    Summary = "Lines of text drawn from fonts, with random fonts, sizes, gaps, heights and noise; reads PNG.")]
internal sealed class DrawnLinesSource(DrawnLinesOptions options) : IDataSource
{
    private readonly LineDrawing drawing = new(options, options.Height, options.MinSymbols, options.MaxSymbols);
    private readonly Lazy<DrawnVocabulary> vocabulary = new(() => DrawnVocabulary.From(options));

    /// <summary>The purpose of a random choice; the numbers of a line are a function of the seed, its set and its position in the set.</summary>
    private enum Purpose
    {
        Train,
        Dev,
        Test,
    }

    private FontChoice Choice => new(vocabulary.Value.Symbols, options.FontFiles, options.Fonts, [.. InstalledFonts.Folders]);

    /// <inheritdoc/>
    public Dataset Load()
    {
        // All symbols of one font in one size; a line is written in one of these.
        IReadOnlyList<Glyph>[] writings =
        [
            .. from face in Choice.Require()
               from size in Enumerable.Range(options.MinSize, options.MaxSize - options.MinSize + 1)
               select FontGlyphs.Draw(face, vocabulary.Value.Symbols, size),
        ];
        return new Dataset(
            new Alphabet(vocabulary.Value.Tokens),
            options.Height,
            Draw(Purpose.Train, "train", options.TrainLines, options.Zipf ?? 0, writings),
            Draw(Purpose.Dev, "dev", options.DevLines, options.Zipf ?? 0, writings),
            Draw(Purpose.Test, "test", options.TestLines, zipf: 0, writings));
    }

    /// <summary>The files of the installed fonts that it draws with. A font that is missing is reported by <see cref="Load"/>.</summary>
    /// <returns>Paths, in the order in which lines draw from them.</returns>
    public IReadOnlyList<string> DataFiles() => [.. Choice.Found.Select(face => face.File).OfType<string>().Except(options.FontFiles)];

    /// <inheritdoc/>
    public Utterance Read(string file) => LineImage.Load(file, options.Height);

    /// <inheritdoc/>
    public string? Write(Utterance utterance, string folder) => LineImage.WriteInto(folder, utterance);

    private Utterance[] Draw(Purpose purpose, string set, int lines, double zipf, IReadOnlyList<Glyph>[] writings)
    {
        DrawnVocabulary drawn = vocabulary.Value;
        var ranks = new ZipfRanks(drawn.Tokens.Count, zipf);
        return [.. Enumerable.Range(0, lines).Select(Line)];

        Utterance Line(int k)
        {
            SplitMix64 random = SplitMix64.At(options.Seed, (int)purpose, k);
            IReadOnlyList<Glyph> writing = writings[random.Below(writings.Length)];
            return drawing.Draw($"{set}-{k}", source => drawn.Draw(ranks.Next(source), writing, source), random);
        }
    }
}

using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.DrawnLines;
using Ctc.Experiments.Fonts;
using Ctc.Experiments.Texts;
using SkiaSharp;

namespace Ctc.Experiments.Data.TypesetLines;

/// <summary>Lines of a text, printed with fonts and scanned: slant, blur, noise, and the print of the other side.</summary>
[Part("typeset-lines", typeof(TypesetLinesOptions),
    Summary = "Lines of a text file, printed with fonts, slanted, blurred, noisy, with print that bleeds through; reads PNG.")]
internal sealed class TypesetLinesSource(TypesetLinesOptions options) : IDataSource
{
    // Paper beside the text, in columns, so that slanted text stays whole.
    private const int Margin = 4;

    /// <summary>The purpose of a random choice; the numbers of a line are a function of the seed, its set and its position in the set.</summary>
    private enum Purpose
    {
        Train,
        Dev,
        Test,
        Order,
    }

    private readonly Lazy<IReadOnlyList<FontFace>> installed = new(() => InstalledFonts.In(InstalledFonts.Folders));

    private FontChoice Fonts => Choice(options.FontFiles, options.Fonts);

    private FontChoice TestFonts => Choice(options.TestFontFiles, options.TestFonts);

    private bool HasTestFonts => options.TestFonts.Count + options.TestFontFiles.Count > 0;

    /// <inheritdoc/>
    public Dataset Load()
    {
        FontFace[] found = [.. Fonts.Require()], foundForTest = HasTestFonts ? [.. TestFonts.Require()] : [];
        string[] pieces = Pieces([.. found, .. foundForTest]);
        var alphabet = new Alphabet([.. pieces.SelectMany(UnicodeText.SplitCharacters).Distinct().Order(StringComparer.Ordinal)]);
        PrintFont[] fonts = [.. found.Select(face => new PrintFont(face, alphabet.Symbols))];
        PrintFont[] forTest = HasTestFonts ? [.. foundForTest.Select(face => new PrintFont(face, alphabet.Symbols))] : fonts;
        Queue<string> left = new(pieces);
        Utterance[] test = Print(Purpose.Test, "test", Take(options.TestLines), k => k % 2 == 0 ? fonts : forTest);
        Utterance[] dev = Print(Purpose.Dev, "dev", Take(options.DevLines), _ => fonts);
        Utterance[] train = Print(Purpose.Train, "train", Take(options.TrainLines), _ => fonts);
        return new Dataset(alphabet, options.Height, train, dev, test);

        string[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => left.Dequeue())];

        Utterance[] Print(Purpose purpose, string set, string[] texts, Func<int, PrintFont[]> from) => [.. texts.Select((text, k) =>
        {
            SplitMix64 random = SplitMix64.At(options.Seed, (int)purpose, k);
            PrintFont[] choice = from(k);
            PrintFont font = choice[random.Below(choice.Length)];
            (float[] features, int frames) = Scan(font, text, pieces[random.Below(pieces.Length)], random);
            long[] target = [.. UnicodeText.SplitCharacters(text).Select(symbol => alphabet.Token(symbol))];
            return new Utterance($"{set}-{k}", features, frames, target) { Group = font.Family };
        })];
    }

    /// <summary>The files of the installed fonts that it prints with. A font that is missing is reported by <see cref="Load"/>.</summary>
    /// <returns>Paths, in the order in which lines draw from them.</returns>
    public IReadOnlyList<string> DataFiles() =>
    [
        .. Fonts.Found.Concat(HasTestFonts ? TestFonts.Found : []).Select(face => face.File).OfType<string>()
            .Except([.. options.FontFiles, .. options.TestFontFiles]),
    ];

    /// <inheritdoc/>
    public Utterance Read(string file) => LineImage.Load(file, options.Height, options.Direction);

    /// <inheritdoc/>
    public string? Write(Utterance utterance, string folder) => LineImage.WriteInto(folder, utterance, options.Direction);

    private FontChoice Choice(IReadOnlyList<string> files, IReadOnlyList<string> families) =>
        new([], files, families, [.. InstalledFonts.Folders], installed);

    /// <summary>The pieces that all fonts can print, in an order of the seed: as many as all sets need.</summary>
    private string[] Pieces(FontFace[] fonts)
    {
        int needed = options.TrainLines + options.DevLines + options.TestLines;
        string[] pieces =
        [
            .. TextPieces.Load(options.Texts, options.MinLength, options.MaxLength)
                .Where(piece => IsOneWay(piece) && fonts.All(face => face.Typeface.ContainsGlyphs(piece))),
        ];
        if (pieces.Length < needed)
        {
            throw new InvalidDataException(
                $"{options.Texts} has {pieces.Length} different lines of {options.MinLength} to {options.MaxLength} characters that all fonts can "
                + $"print; expected {needed}: train-lines, dev-lines and test-lines.");
        }

        SplitMix64.At(options.Seed, (int)Purpose.Order, 0).Shuffle<string>(pieces);
        return pieces[..needed];
    }

    // A line of one direction has its frames in the order of its symbols. Numbers run from left to right in any text.
    private bool IsOneWay(string piece)
    {
        bool fromRight = options.Direction == ReadingDirection.RightToLeft;
        return piece.EnumerateRunes().Select(rune => BidiCharacter.ClassOf(rune.Value)).All(kind => kind switch
        {
            BidiClass.R or BidiClass.AL => fromRight,
            BidiClass.L or BidiClass.EN or BidiClass.AN => !fromRight,
            _ => true,
        });
    }

    private (float[] Features, int Frames) Scan(PrintFont font, string text, string behind, SplitMix64 random)
    {
        double size = options.MinSize + (options.MaxSize - options.MinSize) * random.Unit();
        using var line = new PrintedLine(font, text, size);
        using var other = new PrintedLine(font, behind, size);
        int height = options.Height;
        double shear = options.Slant * (2 * random.Unit() - 1);
        int lean = (int)Math.Ceiling(Math.Abs(shear) * height / 2);
        int frames = (int)Math.Ceiling(line.Width) + 2 * (Margin + lean);
        if (frames > LineImage.MaxFrames)
        {
            throw new InvalidDataException(
                $"{options.Texts} has a line that is {frames} columns wide in {font.Family}; expected at most {LineImage.MaxFrames}, as by a "
                + "smaller max-length or max-size.");
        }

        float top = (float)((height - size) * random.Unit());
        using var bitmap = new SKBitmap(frames, height, SKColorType.Gray8, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.Black);
            canvas.Translate((float)(shear * height / 2), 0);
            canvas.Skew((float)-shear, 0);
            Print(other, random.Unit() * options.BleedThrough, isMirrored: true);
            Print(line, 1, isMirrored: false);

            void Print(PrintedLine printed, double ink, bool isMirrored)
            {
                byte grey = (byte)Math.Round(255 * ink);
                using var paint = new SKPaint { Color = new SKColor(grey, grey, grey), IsAntialias = true, BlendMode = SKBlendMode.Lighten };
                double blur = options.Blur * random.Unit();
                using SKMaskFilter? filter = blur > 0.05 ? SKMaskFilter.CreateBlur(SKBlurStyle.Normal, (float)blur) : null;
                paint.MaskFilter = filter;
                canvas.Save();
                if (isMirrored) canvas.Scale(-1, 1, frames / 2f, 0);
                printed.Draw(canvas, paint, Margin + lean, top);
                canvas.Restore();
            }
        }

        float[] features = new float[frames * height];
        ReadOnlySpan<byte> pixels = bitmap.GetPixelSpan();
        bool fromRight = options.Direction == ReadingDirection.RightToLeft;
        for (int t = 0; t < frames; t++)
        {
            int column = fromRight ? frames - 1 - t : t;
            for (int row = 0; row < height; row++) features[t * height + row] = pixels[row * bitmap.RowBytes + column] / 255f;
        }

        options.Scan(features, random);
        return (features, frames);
    }
}
